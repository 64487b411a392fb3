from django.urls import path

from linli.areas.views import answers, places

app_name = "areas"
urlpatterns = [
    path("", places.list_areas, name="list_areas"),
    path("areas.geojson", places.export_geojson, name="export_geojson"),
    path("areas.csv", places.export_csv, name="export_csv"),
    path("add/", places.add_area, name="add_area"),
    path("import/", places.import_areas, name="import_areas"),
    path("responsibilities/", answers.responsibilities, name="responsibilities"),
    path("responsibilities/set/", answers.set_responsibility, name="set_responsibility"),
    path("responsibilities/<uuid:pk>/end/", answers.end_responsibility, name="end_responsibility"),
    path("admissions/", answers.admissions, name="admissions"),
    path("admissions/admit/", answers.admit_task, name="admit_task"),
    path("admissions/<uuid:pk>/end/", answers.end_admission, name="end_admission"),
    path("beats/<uuid:pk>/end/", answers.end_beat, name="end_beat"),
    path("<uuid:pk>/", places.area, name="area"),
    path("<uuid:pk>/edit/", places.edit_area, name="edit_area"),
    path("<uuid:pk>/close/", places.close_area, name="close_area"),
    path("<uuid:pk>/beats/", places.give_beat, name="give_beat"),
]
