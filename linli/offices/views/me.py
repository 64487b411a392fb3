"""One's own page: posts, sign-in, keys."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kit.errors import SignInFirst, Unseen
from linli.offices import queries, services
from linli.offices.forms import TokenForm
from linli.offices.requests import acting, gave_second_factor


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Show one's posts and how one signs in; also to somebody whose posts are all over."""
    if not request.user.is_authenticated:
        raise SignInFirst
    page = {
        "posts": queries.list_posts(request.user),
        "second_factor": gave_second_factor(request),
    }
    return render(request, "offices/me.html", page)


@require_POST
def switch_post(request: HttpRequest) -> HttpResponse:
    """Act in another of one's posts."""
    actor = acting(request)
    try:
        chosen = UUID(request.POST.get("post", ""))
    except ValueError:
        raise Unseen from None
    post = services.switch_post(chosen, actor=actor)
    request.session["post"] = str(post.pk)
    return redirect("/")


@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's keys; make one, whose text is shown on this answer only."""
    actor = acting(request)
    form = TokenForm(request.POST or None, initial={"scope": "read", "days": 90})
    key = ""
    if form.is_valid():
        _token, key = services.issue_token(actor=actor, **form.cleaned_data)
        form = TokenForm(initial={"scope": "read", "days": 90})
    page = {
        "tokens": queries.list_tokens(actor),
        "form": form,
        "key": key,
        "submit": _("Make a key"),
    }
    return render(request, "offices/tokens.html", page, status=422 if form.is_bound else 200)


@require_POST
def revoke_token(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw a key."""
    services.revoke_token(pk, actor=acting(request))
    return redirect("offices:tokens")
