from django.urls import path

from linli.site import views

app_name = "site"
urlpatterns = [
    path("", views.home, name="home"),
    path("signposts/", views.signposts, name="signposts"),
    path("language/", views.language, name="language"),
    path("large/", views.large, name="large"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
]
