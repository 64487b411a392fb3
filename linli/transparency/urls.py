from django.urls import path

from linli.transparency import views

app_name = "transparency"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("trail/", views.trail, name="trail"),
    path("trail.json", views.trail_json, name="trail_json"),
    path("receipt/", views.receipt, name="receipt"),
    path("receipt.json", views.receipt_json, name="receipt_json"),
    path("draws/", views.draws, name="draws"),
]
