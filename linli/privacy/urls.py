"""The addresses of privacy."""

from django.urls import path

from linli.privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.register, name="register"),
    path("register.json", views.register_json, name="register_json"),
    path("register.csv", views.register_csv, name="register_csv"),
    path("request/", views.ask, name="ask"),
    path("requests/", views.requests, name="requests"),
    path("requests/<uuid:pk>/", views.show, name="show"),
    path("requests/<uuid:pk>/look/", views.look, name="look"),
    path("requests/<uuid:pk>/answer/", views.answer, name="answer"),
    path("requests/<uuid:pk>/export.json", views.export, name="export"),
]
