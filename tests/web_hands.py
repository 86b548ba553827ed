"""Two ways to work a page: with a mouse, and with keys alone. Both find what they want by its role and name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from playwright.sync_api import Download, Locator, Page

MOST_STEPS = 600  # of the Tab key on one page; more means that something cannot be reached
# Where the focus is seen from what is wanted: 0 there, 1 it comes later, -1 it came earlier; and whether it is seen.
WHERE = """wanted => {
  const here = document.activeElement;
  const seen = here === document.body || getComputedStyle(here).outlineStyle !== 'none'
    || getComputedStyle(here).boxShadow !== 'none';
  const same = here === wanted || (wanted.type === 'radio' && here.type === 'radio' && here.name === wanted.name
    && here.form === wanted.form);
  if (same) return [0, seen];
  return [here.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING ? -1 : 1, seen];
}"""


class Hands(Protocol):
    """What a person does with a page."""

    tab: Page

    def press(self, role: str, name: str | re.Pattern[str]) -> None:
        """Press a button, follow a link, or mark a radio button."""

    def write(self, label: str | re.Pattern[str], text: str) -> None:
        """Write into a field, in place of what stands there."""

    def choose(self, label: str, option: str) -> None:
        """Choose from a list that drops down."""

    def give(self, label: str, path: Path) -> None:
        """Choose a file."""

    def take_suggested(self, label: str | re.Pattern[str], text: str, food: str) -> None:
        """Search as one types, and take what is called `food`."""

    def take(self, name: str | re.Pattern[str]) -> Download:
        """Download what a link leads to."""


def found(tab: Page, role: str, name: str | re.Pattern[str]) -> Locator:
    """The first of what has a role and a name."""
    return tab.get_by_role(role, name=name).first  # type: ignore[arg-type]


class Mouse:
    """Points and clicks."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        # Asked for from the start: a dialog that opens before the first one is waited for would be nobody's.
        tab.on("filechooser", lambda chooser: None)

    def press(self, role: str, name: str | re.Pattern[str]) -> None:
        found(self.tab, role, name).click()

    def write(self, label: str | re.Pattern[str], text: str) -> None:
        self.tab.get_by_label(label).filter(visible=True).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        self.tab.get_by_label(label, exact=True).select_option(label=option)

    def give(self, label: str, path: Path) -> None:
        with self.tab.expect_file_chooser() as chooser:
            self.tab.get_by_label(label).click()
        chooser.value.set_files(path)

    def take_suggested(self, label: str | re.Pattern[str], text: str, food: str) -> None:
        found(self.tab, "combobox", label).press_sequentially(text)
        self.tab.get_by_role("option", name=food).first.click()

    def take(self, name: str | re.Pattern[str]) -> Download:
        with self.tab.expect_download() as download:
            self.press("link", name)
        return download.value


class Keys:
    """Never touches a mouse: Tab and Shift+Tab to what is wanted, arrows within it, Enter or Space to press it."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        # Asked for from the start: a dialog that opens before the first one is waited for would be nobody's.
        tab.on("filechooser", lambda chooser: None)

    def reach(self, wanted: Locator) -> None:
        """Go to something; wherever one comes by, it must be seen where one is."""
        wanted.wait_for()
        for _ in range(MOST_STEPS):
            way, seen = wanted.evaluate(WHERE)
            assert seen, self.tab.evaluate("document.activeElement.outerHTML")
            if way == 0:
                return
            self.tab.keyboard.press("Tab" if way > 0 else "Shift+Tab")
        raise AssertionError(f"{wanted} cannot be reached by keys")

    def press(self, role: str, name: str | re.Pattern[str]) -> None:
        wanted = found(self.tab, role, name)
        self.reach(wanted)
        if role != "radio":
            self.tab.keyboard.press("Enter")
            return
        for _ in range(20):
            if wanted.evaluate("one => one === document.activeElement"):
                break
            self.tab.keyboard.press("ArrowDown")
        self.tab.keyboard.press("Space")

    def write(self, label: str | re.Pattern[str], text: str) -> None:
        self.reach(self.tab.get_by_label(label).filter(visible=True).first)
        self.tab.keyboard.press("Control+A")
        self.tab.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        field = self.tab.get_by_label(label, exact=True)
        self.reach(field)
        self.tab.keyboard.type(option)
        assert field.evaluate("field => field.selectedOptions[0].label") == option

    def give(self, label: str, path: Path) -> None:
        self.reach(self.tab.get_by_label(label))
        from playwright.sync_api import TimeoutError as NoDialogError

        # A busy Chromium may show no dialog for the first press, though seldom; whoever sits there presses again.
        for is_last in (False, True):
            try:
                with self.tab.expect_file_chooser(timeout=60_000 if is_last else 15_000) as chooser:
                    self.tab.keyboard.press("Space")
            except NoDialogError:
                if is_last:
                    raise
            else:
                chooser.value.set_files(path)
                return

    def take_suggested(self, label: str | re.Pattern[str], text: str, food: str) -> None:
        self.reach(found(self.tab, "combobox", label))
        self.tab.keyboard.type(text)
        wanted = self.tab.get_by_role("option", name=food).first
        wanted.wait_for()
        for _ in range(20):
            self.tab.keyboard.press("ArrowDown")
            if wanted.get_attribute("aria-selected") == "true":
                break
        self.tab.keyboard.press("Enter")

    def take(self, name: str | re.Pattern[str]) -> Download:
        self.reach(found(self.tab, "link", name))
        with self.tab.expect_download() as download:
            self.tab.keyboard.press("Enter")
        return download.value
