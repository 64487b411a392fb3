"""What messages say is checked when it is loaded."""

import pytest

from linli.channels.choices import TEMPLATES, read_template

GOOD = {
    "subject_zh": "{number}",
    "subject_en": "{number}",
    "body_zh": "到 {due}",
    "body_en": "by {due}",
}


def test_every_message_is_complete_in_both_languages():
    assert {"report_received", "closed", "duty_late", "two_refusals"} <= set(TEMPLATES)
    for template in TEMPLATES.values():
        facts = dict.fromkeys({*template.needs, "number"}, "X")
        for language in ("zh-hans", "en"):
            assert "{" not in template.body_in(language, facts) + template.subject_in(language, "1")
            assert template.body_in(language, facts).strip()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"body_en": "by {time}"}, "different facts"),
        ({"subject_en": "{name} wrote"}, "may only name"),
        ({"body_zh": "{due.year}", "body_en": "{due.year}"}, "not a plain name"),
        ({"body_zh": "{due!r}", "body_en": "{due!r}"}, "not a plain name"),
        ({"body_zh": "{0}", "body_en": "{0}"}, "not a plain name"),
    ],
)
def test_a_wrong_template_is_refused(change, reason):
    with pytest.raises(ValueError, match=reason):
        read_template("wrong", {**GOOD, **change})


def test_facts_are_not_read_as_templates():
    template = read_template("good", GOOD)
    assert template.body_in("en", {"due": "{number} {secret}"}) == "by {number} {secret}"


def test_without_a_link_its_line_is_left_out():
    template = TEMPLATES["report_received"]
    facts = {"number": "LY-0007", "link": ""}
    assert template.body_in("en", facts) == "Your report has arrived. Its number is LY-0007."
    assert "https://x" in template.body_in("en", {**facts, "link": "https://x"})
