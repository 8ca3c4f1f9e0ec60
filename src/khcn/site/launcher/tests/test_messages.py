"""Every sentence exists in both languages with the same facts, and a refusal names a command."""

import string

import pytest

from khcn.site.launcher import messages
from khcn.site.launcher.messages import _CATALOGUE, Stop


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", _CATALOGUE)
def test_sentence_both_languages_take_the_same_facts(key: str) -> None:
    vietnamese, english = _CATALOGUE[key]

    assert _facts(vietnamese) == _facts(english)
    assert vietnamese != english


@pytest.mark.parametrize("language", ["vi", "en"])
def test_refusal_of_set_up_names_the_command_that_mends_it(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_language", language)
    commands = ("./khcn", "apt-get", "npm ci", "df -h", "pip cache", "systemctl")
    keys = ["disk_full", "venv_failed", "pip_missing", "hashes_differ", "no_network_python", "pip_failed", "npm_failed"]

    for key in [*keys, "node_missing", "prepare_failed", "not_demo", "in_use", "port_taken"]:
        facts = dict.fromkeys(_facts(_CATALOGUE[key][0]), "x")
        assert any(command in str(Stop(key, **facts)) for command in commands), key
