"""The addresses of files."""

from django.urls import path

from linli.documents import views

app_name = "documents"
urlpatterns = [
    path("<uuid:pk>/", views.open_file, name="open"),
    path("<uuid:pk>/small/", views.open_small, name="open_small"),
    path("<uuid:pk>/publish/", views.publish, name="publish"),
    path("<uuid:pk>/erase/", views.erase, name="erase"),
    path("of/<slug:kind>/<uuid:key>/", views.of_matter, name="of_matter"),
    path("of/<slug:kind>/<uuid:key>/attach/", views.attach, name="attach"),
]
