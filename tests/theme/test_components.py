"""Components: the examples that are written beside them are their tests, and the gallery shows what they say."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jinja2 import UndefinedError
from lxml import html

from plugins.build.gallery import PLACE, components
from plugins.build.preview import Preview
from plugins.formats.page import environment
from tests.conftest import ROOT
from tests.small import Small
from tests.theme.views import HOSTILE, hostile_value

THEME = ROOT / "theme"
COMPONENTS = {one["name"]: one for one in components(THEME)}
OWN_WORDS = ("by",)
"""Parameters that templates alone give."""
EXAMPLES = [(name, number) for name, one in COMPONENTS.items() for number in range(len(one["examples"]))]
each_example = pytest.mark.parametrize(("name", "number"), EXAMPLES)


def drawn(name: str, arguments: dict[str, Any]) -> str:
    """A macro's output, with autoescape and undefined names as errors."""
    template = environment(THEME).from_string('{% import "components.html" as ui %}{{ ui[name](**arguments) }}')
    return template.render(name=name, arguments=arguments)


def arguments_of(name: str, number: int) -> dict[str, Any]:
    found: dict[str, Any] = COMPONENTS[name]["examples"][number]["arguments"]
    return found


def test_every_macro_is_declared_with_examples_or_a_reason_and_nothing_else_is() -> None:
    import yaml

    macros = re.findall(r"{% macro (\w+)\(", (THEME / "templates/components.html").read_text())
    written = yaml.safe_load((THEME / "templates/components.yml").read_text())
    assert list(COMPONENTS) == macros
    assert written.keys() == set(macros)
    assert {name for name, one in COMPONENTS.items() if not one["examples"]} == {"module"}


@each_example
def test_an_example_gives_every_parameter_and_no_other(name: str, number: int) -> None:
    macro = getattr(environment(THEME).get_template("components.html").module, name)
    assert set(macro.arguments) == arguments_of(name, number).keys()
    assert COMPONENTS[name]["call"] == f"{name}({', '.join(macro.arguments)})"


@each_example
def test_an_example_is_drawn_and_a_name_that_is_not_there_is_an_error(name: str, number: int) -> None:
    arguments = arguments_of(name, number)
    drawn(name, arguments)
    with pytest.raises(UndefinedError):
        drawn(name, dict.fromkeys(arguments, environment(THEME).undefined(name="nothing")))


@each_example
def test_hostile_words_in_an_example_stay_text(name: str, number: int) -> None:
    given = arguments_of(name, number)
    own = {parameter: given[parameter] for parameter in OWN_WORDS if parameter in given}
    text = drawn(name, hostile_value(given) | own)
    assert "<script>" not in text
    assert "<img src=x" not in text
    assert not html.fromstring(f"<div>{text}</div>").xpath("//@onerror")
    assert HOSTILE not in text


def test_the_preview_shows_the_gallery_and_no_built_site_has_it(small: Small) -> None:
    page = html.fromstring(Preview(small.settings()).get(f"{PLACE}index.html") or b"<p>")
    assert page.xpath("//section[@class='component']/@id") == list(COMPONENTS)
    assert small.build() == 0
    assert not (small.output / PLACE).exists()
