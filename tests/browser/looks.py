"""What is looked at on a page that is open: at each width, by day and by night, in large text, with the keyboard."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "axe.min.js").read_text()
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = """async (only) => (await axe.run({
  resultTypes: ["violations"], preload: false,
  ...(only ? {runOnly: {type: "rule", values: only}} : {}),
})).violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html.slice(0, 160)).join(" | "))"""
WIDTHS = (360, 768, 1280, 1920)
DESK = 960  # from there on a mouse, and another layout
HEIGHT = 740
FINGER, MOUSE = 44, 24  # CSS pixels; the stylesheet aims at 48 on a phone
# What a finger has to hit; a link within a sentence may be as high as its line.
SMALL_TARGETS = """(finger) => [...document.querySelectorAll(
  "button, .btn, select, summary, .tick, nav a, .list a, main p > a:only-child, " +
  "input:not([type=hidden], [type=radio], [type=checkbox])"
)].filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < finger)
  .filter((e) => e.tagName !== "A" || e.matches(".btn, nav a, .list a") ||
    e.parentElement.textContent.trim() === e.textContent.trim())
  .map((e) => e.textContent.trim() + " " + Math.round(e.getBoundingClientRect().height))"""
SIDEWAYS = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
COVERED = """() => {
  scrollTo(0, document.scrollingElement.scrollHeight);
  const bar = document.querySelector("nav")?.getBoundingClientRect();
  const last = [...document.querySelectorAll("main *")].filter((e) => e.checkVisibility())
    .map((e) => e.getBoundingClientRect().bottom);
  return bar && bar.width > innerWidth / 2 ? Math.max(0, ...last) - bar.top : 0;
}"""
# Words that leave the screen or their button, or that an edge goes through; fields that leave the screen.
CUT = """() => {
  const wide = document.documentElement.clientWidth, wrong = new Set();
  const say = (what, words) => wrong.add(`${what}: ${words.trim().slice(0, 40)}`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = texts.nextNode());) {
    const holder = node.parentElement;
    if (!node.data.trim() || !holder.checkVisibility() || holder.closest(".vh, .skip, option")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const edges = [];
    for (let around = holder; around !== document.body; around = around.parentElement) {
      if (getComputedStyle(around).overflow !== "visible") edges.push(around.getBoundingClientRect());
    }
    for (const line of range.getClientRects()) {
      if (edges.some((edge) => line.top >= edge.bottom || line.bottom <= edge.top)) continue; // not shown at all
      if (edges.some((edge) => line.top < edge.top - 1 || line.bottom > edge.bottom + 1)) say("cut", node.data);
      if (line.left < -1 || line.right > wide + 1) say("off the screen", node.data);
      const box = holder.closest("button, .btn, .tag, nav a, td, th")?.getBoundingClientRect();
      if (box && (line.left < box.left - 1 || line.right > box.right + 1)) say("sticks out", node.data);
      const below = getComputedStyle(holder.closest("nav") ?? document.body).position === "fixed";
      if (below && line.bottom > innerHeight + 1) say("below the screen", node.data);
    }
  }
  for (const field of document.querySelectorAll("input, select, textarea, button, svg, progress")) {
    const box = field.getBoundingClientRect();
    if (field.checkVisibility() && (box.left < -1 || box.right > wide + 1)) say("off the screen", field.outerHTML);
  }
  return [...wrong];
}"""
# What can be reached, and how often Tab is pressed to reach it: a date has three parts and a button.
REACHABLE = """() => {
  window.reached = new Set();
  window.unseen = new Set();
  addEventListener("focusin", ({target}) => {
    reached.add(target);
    const look = getComputedStyle(target);
    if (look.outlineStyle === "none" || parseFloat(look.outlineWidth) < 2) unseen.add(target);
  });
  window.wanted = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => e.checkVisibility() && !e.disabled);
  return wanted.length + 4 * document.querySelectorAll("[type=date], [type=time]").length + 1;
}"""
UNREACHED = """() => {
  const words = (e) => e.outerHTML.slice(0, 120);
  // Of radio buttons the keyboard reaches one, and the others with the arrows.
  const groups = new Set([...reached].filter((e) => e.type === "radio").map((e) => e.name));
  return [
    ...wanted.filter((e) => !reached.has(e) && !groups.has(e.type === "radio" && e.name))
      .map((e) => "not reached: " + words(e)),
    ...[...unseen].map((e) => "reached without a sign: " + words(e)),
  ];
}"""


def found(page: Page, only: list[str] | None = None) -> list[str]:
    """What axe finds on the page that is open."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"() => {{ {AXE} }}")
    violations: list[str] = page.evaluate(RUN, only)
    return violations


def wrong(page: Page) -> dict[str, list[str]]:
    """What is wrong with the page that is open, at each width, by day and by night, and in large text."""
    problems = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        problems[f"at {width}"] = misplaced(page)
        problems[f"at {width}, by day"] = looked_at(page, "light", whole=width in (WIDTHS[0], 1280))
        problems[f"at {width}, by night"] = looked_at(page, "dark")
    page.emulate_media(color_scheme="light")
    problems |= large(page)
    return {where: what for where, what in problems.items() if what}


def looked_at(page: Page, theme: str, *, whole: bool = False) -> list[str]:
    """What axe finds in one theme: of the colours, or of the whole page.

    But for the colours it reads markup, which is the same in each theme, and
    at each width of a phone, and of a desk: once of each is enough.
    """
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    return found(page, None if whole else COLOURS)


def misplaced(page: Page) -> list[str]:
    """What leaves the screen, is cut, covered by the bar or too small for a finger."""
    width = page.evaluate("innerWidth")
    least = MOUSE if width >= DESK else FINGER
    problems: list[str] = page.evaluate(CUT)
    problems += [f"too small: {what}" for what in page.evaluate(SMALL_TARGETS, least)]
    if (by := page.evaluate(SIDEWAYS)) > 0:
        problems.append(f"scrolls sideways by {by}")
    if (by := page.evaluate(COVERED)) > 0:
        problems.append(f"the bar covers the end by {by}")
    return problems


def large(page: Page) -> dict[str, list[str]]:
    """What is wrong where somebody has letters twice as large, in each way a browser has of doing it."""
    problems = {}
    page.set_viewport_size({"width": 360, "height": HEIGHT})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    problems["in text of 200 %"] = misplaced(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    settings = page.context.new_cdp_session(page)
    settings.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    problems["with letters of 32 pixels"] = misplaced(page)
    settings.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    settings.detach()
    page.set_viewport_size({"width": 180, "height": HEIGHT // 2})
    problems["at a zoom of 200 %"] = misplaced(page)
    page.set_viewport_size({"width": 360, "height": HEIGHT})
    return problems


def unreached(page: Page) -> list[str]:
    """What Tab does not reach on the page that is open, and what it reaches without a sign."""
    for _time in range(page.evaluate(REACHABLE)):
        page.keyboard.press("Tab")
    missed: list[str] = page.evaluate(UNREACHED)
    return missed
