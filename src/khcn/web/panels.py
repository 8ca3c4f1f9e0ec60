"""Panels of the home page and quick actions: domains register them, the home page draws what concerns the actor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from khcn.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the home page: the template drawn with what `read(actor)` returns; None leaves it out."""

    key: str
    template: str
    read: Callable[[Actor], dict[str, Any] | None]
    order: int = 100
    side: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """Something often begun from the home page, for those who hold one of the roles (everyone without roles)."""

    title: str
    url_name: str
    icon: str
    roles: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """A panel with what it shows."""

    template: str
    content: dict[str, Any]
    side: bool


@dataclass(frozen=True, slots=True)
class ShownAction:
    """An action with its translated title and its address."""

    title: str
    address: str
    icon: str


_panels: dict[str, Panel] = {}
_actions: dict[str, Action] = {}


def register_panel(panel: Panel) -> None:
    """Offer a panel to the home page; called from an app's wiring."""
    _panels[panel.key] = panel


def register_action(action: Action) -> None:
    """Offer a quick action; title marked with `gettext_noop`; called from an app's wiring."""
    _actions[action.url_name] = action


def panels_for(actor: Actor) -> list[ShownPanel]:
    """The panels that have something to show to the actor, in order."""
    shown = []
    for panel in sorted(_panels.values(), key=lambda one: one.order):
        content = panel.read(actor)
        if content is not None:
            shown.append(ShownPanel(panel.template, content, panel.side))
    return shown


def actions_for(actor: Actor) -> list[ShownAction]:
    """The quick actions open to the actor; those whose page is not installed are left out."""
    shown = []
    for action in _actions.values():
        if action.roles and not actor.holds(*action.roles):
            continue
        try:
            shown.append(ShownAction(gettext(action.title), reverse(action.url_name), action.icon))
        except NoReverseMatch:
            continue
    return shown
