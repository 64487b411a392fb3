"""The addresses of cases: public ones first, then the desk."""

from django.urls import path

from linli.cases.views import catalogue, desk, reports

app_name = "cases"
urlpatterns = [
    path("report/", reports.report, name="report"),
    path("report/done/", reports.reported, name="reported"),
    path("look-up/", reports.look_up, name="look_up"),
    path("look-up/leave/", reports.leave, name="leave"),
    path("follow/<slug:number>/", reports.follow, name="follow"),
    path("follow/<slug:number>/<slug:verb>/", reports.act_on_own, name="act_on_own"),
    path("r/<slug:token>/", reports.open_link, name="open_link"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/<slug:code>/", catalogue.category, name="category"),
    path("desk/", desk.work, name="desk"),
    path("desk/counts/", desk.counts, name="counts"),
    path("desk/new/", desk.write_down, name="write_down"),
    path("desk/<uuid:key>/", desk.case, name="case"),
    path("desk/<uuid:key>/look/", desk.look, name="look"),
    path("desk/<uuid:key>/<slug:verb>/", desk.act, name="act"),
]
