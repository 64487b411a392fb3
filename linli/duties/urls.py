from django.urls import path

from linli.duties import views

app_name = "duties"
urlpatterns = [
    path("", views.list_duties, name="list_duties"),
    path("<uuid:pk>/", views.duty, name="duty"),
    path("<uuid:pk>/order/", views.order_supervision, name="order_supervision"),
    path("<uuid:pk>/hang/", views.hang, name="hang"),
    path("orders/", views.list_orders, name="list_orders"),
    path("orders/<uuid:pk>/", views.reply_order, name="reply_order"),
    path("hung/", views.list_hung, name="list_hung"),
    path("hung/<uuid:pk>/lift/", views.lift_hang, name="lift_hang"),
    path("of/<slug:kind>/<uuid:key>/", views.of_matter, name="of_matter"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/day/", views.edit_day, name="edit_day"),
    path("calendar/file/", views.load_calendar, name="load_calendar"),
]
