from django.urls import path

from linli.analytics import views

app_name = "analytics"
urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk.csv", views.export, name="export"),
    path("morning/", views.morning, name="morning"),
]
