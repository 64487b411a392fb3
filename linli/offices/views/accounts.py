"""Administration of accounts and posts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kit.shapes import attempt
from linli.offices import queries, services
from linli.offices.forms import AccountForm, PostForm, ResetForm, SearchForm
from linli.offices.models import Account, Actor
from linli.offices.requests import acting


@require_GET
def list_accounts(request: HttpRequest) -> HttpResponse:
    """Show the township's accounts with their posts, by sign-in name."""
    actor = acting(request, "admin")
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    listed = queries.list_accounts(actor, **wanted)
    page = {"accounts": listed.accounts, "after": listed.after, "text": wanted.get("text", "")}
    return render(request, "offices/accounts.html", page)


@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown on this answer only."""
    actor = acting(request, "admin")
    form = AccountForm(request.POST or None)
    opened = attempt(form, services.open_account, actor=actor)
    if opened:
        account, password = opened
        return render(
            request, "offices/first_password.html", {"account": account, "password": password}
        )
    page = {"form": form, "submit": _("Open the account")}
    return render(request, "offices/open_account.html", page, status=422 if form.is_bound else 200)


@require_GET
def account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an account: its posts, and what can be done with it."""
    actor = acting(request, "admin")
    return render(request, "offices/account.html", _account_page(actor, pk))


def _account_page(actor: Actor, pk: UUID, form: PostForm | None = None) -> dict[str, object]:
    shown: Account = queries.get_account(actor, pk)
    return {
        "account": shown,
        "posts": queries.list_all_posts(shown),
        "today": queries.today(),
        "own": shown.pk == actor.account,
        "form": form or _post_form(actor),
        "reset_form": ResetForm(),
    }


def _post_form(actor: Actor, data: object = None) -> PostForm:
    offices = queries.list_offices(actor.township, active=True)
    return PostForm(data, offices=offices, initial={"valid_from": queries.today()})


@require_POST
def close_account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close an account."""
    closed = services.close_account(pk, actor=acting(request, "admin"))
    messages.success(request, _("The account %(name)s is closed.") % {"name": closed.username})
    return redirect("offices:account", pk)


@require_POST
def reset_password(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an account a new first password, shown on this answer only."""
    actor = acting(request, "admin")
    lost = bool(request.POST.get("lost_second_factor"))
    reset, password = services.reset_password(pk, lost_second_factor=lost, actor=actor)
    return render(request, "offices/first_password.html", {"account": reset, "password": password})


@require_POST
def appoint(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an account a post."""
    actor = acting(request, "admin")
    form = _post_form(actor, request.POST)
    if attempt(form, services.appoint, account=pk, actor=actor):
        messages.success(request, _("Appointed."))
        return redirect("offices:account", pk)
    return render(request, "offices/account.html", _account_page(actor, pk, form), status=422)


@require_POST
def dismiss(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a post at once."""
    post = services.dismiss(pk, actor=acting(request, "admin"))
    messages.success(request, _("The post is over."))
    return redirect("offices:account", post.account_id)
