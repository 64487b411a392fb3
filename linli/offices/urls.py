from django.urls import path

from linli.offices.views import accounts, me, offices

app_name = "offices"
urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/post/", me.switch_post, name="switch_post"),
    path("me/tokens/", me.tokens, name="tokens"),
    path("me/tokens/<uuid:pk>/revoke/", me.revoke_token, name="revoke_token"),
    path("admin/offices/", offices.list_offices, name="list_offices"),
    path("admin/offices/add/", offices.add_office, name="add_office"),
    path("admin/offices/<uuid:pk>/", offices.edit_office, name="edit_office"),
    path("admin/offices/<uuid:pk>/close/", offices.close_office, name="close_office"),
    path("admin/accounts/", accounts.list_accounts, name="list_accounts"),
    path("admin/accounts/open/", accounts.open_account, name="open_account"),
    path("admin/accounts/<uuid:pk>/", accounts.account, name="account"),
    path("admin/accounts/<uuid:pk>/close/", accounts.close_account, name="close_account"),
    path("admin/accounts/<uuid:pk>/reset/", accounts.reset_password, name="reset_password"),
    path("admin/accounts/<uuid:pk>/appoint/", accounts.appoint, name="appoint"),
    path("admin/posts/<uuid:pk>/dismiss/", accounts.dismiss, name="dismiss"),
]
