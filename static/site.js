/* Leaving quickly, and showing nothing where nobody looks.
   Nothing is kept on the phone; everything also works without this file. */
(() => {
  "use strict";
  const root = document.documentElement;
  const blank = (yes) => root.classList.toggle("blank", yes);
  const $ = (what, where = document) => where.querySelector(what);
  const all = (what, where = document) => [...where.querySelectorAll(what)];

  // --- Leave quickly: blank at once, end the sign-in, land on a neutral page.
  const leave = document.getElementById("leave");
  const go = (event) => {
    event?.preventDefault();
    line.handOver();
    line.leave();
    blank(true);
    document.title = "…";
    // Without a line the request below is lost: whatever is asked next, this ends the sign-in first.
    const mark = leave.dataset.mark;
    document.cookie = `${mark}=1; path=/; samesite=strict${mark.startsWith("__") ? "; secure" : ""}`;
    fetch(leave.action, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
    location.replace(leave.dataset.away);
  };
  let shifts = [];
  if (leave) {
    leave.addEventListener("submit", go);
    addEventListener("keyup", (event) => {
      shifts = event.key === "Shift" ? [...shifts.slice(-2), event.timeStamp] : [];
      if (shifts.length === 3 && shifts[2] - shifts[0] < 2000) go();
    });
  }

  // --- Nothing stands on a page that is not looked at.
  // After two minutes away the page is asked for anew: the sign-in may have locked meanwhile.
  // Where something is typed that the server does not have, the page stays, hidden, until it is open again.
  const SHORT = 120000;
  let left = 0;
  let filledIn = false;
  addEventListener("input", (event) => { filledIn ||= event.target.form?.matches("main form:not([role=search])"); });
  const isShut = () => root.classList.contains("kept");
  let writing = null; // where one wrote when the page was shut, and at which letter
  const shut = () => {
    const { activeElement: place } = document;
    if (!isShut()) writing = [place, place?.selectionStart];
    root.classList.add("kept");
    blank(true);
  };
  line.signedOut = shut;
  const again = async () => {
    if (!line.unsaved() && (!filledIn || document.getElementById("note"))) {
      blank(true);
      location.reload();
      return;
    }
    line.handOver();
    shut();
    const open = await line.ours(`/help?whose=${root.dataset.whose}`, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout?.(20000) }).then((a) => a.ok, () => false);
    if (document.hidden) return;
    if (!open) {
      setTimeout(() => { if (isShut() && !document.hidden) again(); }, 5000);
      return;
    }
    root.classList.remove("kept");
    blank(false);
    const [place, letter] = writing;
    place?.focus();
    if (letter != null) place.setSelectionRange(letter, letter);
    touch();
    line.anew();
  };
  const away = (yes) => root.classList.toggle("away", yes);
  document.addEventListener("visibilitychange", () => {
    away(document.hidden);
    if (document.hidden) {
      left ||= Date.now();
      line.handOver();
      return;
    }
    const long = left && Date.now() - left >= SHORT;
    left = 0;
    if (isShut() || long) again();
    else line.anew();
  });
  addEventListener("pagehide", () => {
    line.handOver();
    blank(true);
  });
  addEventListener("pageshow", (event) => (event.persisted ? location.reload() : blank(false)));
  for (const kind of ["online", "focus"]) addEventListener(kind, () => { if (isShut()) again(); });
  // A page that nobody touches goes with its sign-in.
  const idle = Number(root.dataset.idle) * 60000;
  let touched = Date.now();
  const touch = () => { touched = Date.now(); };
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, touch, { passive: true });
  if (idle) setInterval(() => {
    if (!document.hidden && !isShut() && Date.now() - touched > idle) again();
  }, 30000);

  // --- What is typed blind can be shown. It is hidden again before it is sent: a browser may keep a text.
  const typedBlind = (link) => $("input", link.closest(".field"));
  addEventListener("click", (event) => {
    const link = event.target.closest("[data-show]");
    if (!link) return;
    event.preventDefault();
    const field = typedBlind(link);
    field.type = field.type === "password" ? "text" : "password";
    [link.textContent, link.dataset.show] = [link.dataset.show, link.textContent];
    field.focus();
  });
  addEventListener("submit", (event) => {
    for (const link of all("[data-show]", event.target)) typedBlind(link).type = "password";
  }, true);

  // --- A device used by touch is lost more easily: its sign-in locks sooner.
  const byTouch = $("[name=touch]");
  if (byTouch) byTouch.value = matchMedia("(pointer: coarse)").matches ? "yes" : "no";

  // --- Others are signing in: ask until it is one's turn, then open the page, which does what was sent.
  const ask = async () => {
    const waits = await fetch("/turn", { method: "HEAD", redirect: "manual" }).then((a) => a.type !== "opaqueredirect", () => true);
    if (waits) setTimeout(ask, 1000);
    else location.reload();
  };
  if (document.body.matches("[data-asks-again]")) setTimeout(ask, 1000);

  for (const place of all("[data-print]")) {
    place.hidden = false;
    place.addEventListener("click", () => print());
  }
})();
