"""The addresses of channels."""

from django.urls import path

from linli.channels import views

app_name = "channels"
urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/count/", views.count, name="count"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<uuid:pk>/read/", views.read, name="read"),
    path("messages/<slug:kind>/<uuid:key>/", views.messages, name="messages"),
    path("messages/<uuid:pk>/retry/", views.retry, name="retry"),
]
