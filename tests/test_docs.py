import pytest

import check_docs


@pytest.mark.parametrize("page", check_docs.pages(), ids=lambda page: str(page.relative_to(check_docs.ROOT)))
def test_links_lead_somewhere_and_shown_commands_exist(page):
    assert check_docs.broken_links(page) == []
    assert check_docs.unknown_commands(page) == []


def test_a_broken_link_and_an_unknown_option_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[gone](gone.md)\n\n```\nnutridiary analyze d.xlsx --sexx female\nnutridiary chekc d.xlsx\n```\n")
    assert check_docs.broken_links(page) == ["gone.md"]
    assert len(check_docs.unknown_commands(page)) == 2
