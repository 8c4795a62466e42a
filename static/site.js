/* Leaving quickly, blanking, saving notes as one writes, repeating taps that a lost line swallowed.
   Nothing is kept on the phone; everything also works without this file. */
(() => {
  "use strict";
  const root = document.documentElement;
  const blank = (yes) => root.classList.toggle("blank", yes);

  // Leave quickly: blank at once, end the sign-in, land on a neutral page.
  const leave = document.getElementById("leave");
  const go = (event) => {
    event?.preventDefault();
    dirty = false;
    blank(true);
    document.title = "…";
    fetch(leave.action, { method: "POST", keepalive: true, redirect: "manual" });
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

  // A device used by touch is lost more easily: its sign-in locks sooner.
  const byTouch = document.querySelector("[name=touch]");
  if (byTouch) byTouch.value = matchMedia("(pointer: coarse)").matches ? "yes" : "no";

  // Nothing stands on a page that was left, or that lay in the background for two minutes.
  let timer = 0;
  let left = 0;
  addEventListener("pagehide", () => blank(true));
  addEventListener("pageshow", (event) => (event.persisted ? location.reload() : blank(false)));

  // Notes: htmx posts the form as one writes; here only what it cannot know.
  const note = document.getElementById("note");
  let dirty = false;
  let typed = 0;
  let sent = 0;
  let wait = 1000;
  const state = () => document.getElementById("note-state");
  const say = (kind) => {
    const line = state()?.querySelector("[data-offline]");
    if (line) {
      line.textContent = line.dataset[kind];
      line.className = kind === "offline" ? "is-bad" : "is-wait";
    }
  };
  if (note) {
    note.addEventListener("input", () => {
      if (!dirty) say("saving");
      dirty = true;
      typed += 1;
    });
    note.addEventListener("submit", () => { dirty = false; });
    addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
    addEventListener("online", () => { if (dirty) htmx.trigger(note, "save"); });
  }
  // After two minutes away the page is asked for anew: the sign-in may have locked meanwhile.
  // Where something is typed that the server does not have, the page stays, hidden, until it is open again.
  const SHORT = 120000;
  let unsent = false;
  addEventListener("input", (event) => { unsent ||= event.target.form?.matches("main form:not([role=search])"); });
  addEventListener("submit", () => { unsent = false; });
  const kept = (yes) => {
    root.classList.toggle("kept", yes);
    blank(yes);
  };
  const send = () => navigator.sendBeacon(note.action, new FormData(note));
  const again = async () => {
    if (!dirty && (!unsent || note)) {
      blank(true);
      location.reload();
      return;
    }
    if (dirty) send();
    kept(true);
    const open = await fetch("/more", { method: "HEAD", redirect: "manual" }).then((a) => a.ok, () => false);
    if (document.hidden || !open) return;
    kept(false);
    touch();
    if (dirty) htmx.trigger(note, "save");
  };
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) {
      left = left || Date.now();
      if (dirty) send();
      timer = setTimeout(() => blank(true), SHORT);
    } else if (root.classList.contains("kept") || (left && Date.now() - left >= SHORT)) {
      left = 0;
      again();
    } else {
      left = 0;
      blank(false);
      if (dirty) htmx.trigger(note, "save");
    }
  });
  addEventListener("online", () => { if (root.classList.contains("kept")) again(); });
  // A page that nobody touches goes with its sign-in.
  const idle = Number(root.dataset.idle) * 60000;
  let touched = Date.now();
  const touch = () => { touched = Date.now(); };
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, touch, { passive: true });
  if (idle) setInterval(() => {
    if (!document.hidden && !root.classList.contains("kept") && Date.now() - touched > idle) again();
  }, 30000);

  // What is typed blind can be shown. It is hidden again before it is sent: a browser may keep a text.
  const typedBlind = (link) => link.closest(".field").querySelector("input");
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
    for (const link of event.target.querySelectorAll("[data-show]")) typedBlind(link).type = "password";
  });

  // Others are signing in: ask until it is one's turn, then open the page, which does what was sent.
  const ask = async () => {
    const waits = await fetch("/turn", { method: "HEAD", redirect: "manual" }).then((a) => a.type !== "opaqueredirect", () => true);
    if (waits) setTimeout(ask, 1000);
    else location.reload();
  };
  if (document.body.matches("[data-asks-again]")) setTimeout(ask, 1000);

  for (const place of document.querySelectorAll("[data-print]")) {
    place.hidden = false;
    place.addEventListener("click", () => print());
  }

  // Taps: the last one on each row wins; one that was lost is tapped again.
  const lost = new Map();
  addEventListener("submit", (event) => {
    if (event.submitter?.closest(".seg, .head")) {
      event.submitter.setAttribute("aria-busy", "true");
      lost.set(event.submitter.name, event.submitter);
    }
  }, true);
  const repeat = () => {
    for (const button of lost.values()) if (button.isConnected) button.click();
  };

  addEventListener("online", () => { wait = 1000; repeat(); });

  document.addEventListener("htmx:before:request", (event) => {
    if (note && event.target === note) { sent = typed; say("saving"); }
  });
  document.addEventListener("htmx:after:swap", () => {
    wait = 1000;
    if (note && sent === typed && state()?.dataset.saved === "yes") {
      dirty = false;
      // What was wrong before is saved now.
      document.getElementById("errors")?.remove();
      for (const line of note.querySelectorAll(".msg")) line.remove();
      for (const field of note.querySelectorAll(".err")) field.classList.remove("err");
    }
    for (const [name, button] of lost) {
      if (!button.isConnected || button.getAttribute("aria-pressed") === "true") lost.delete(name);
    }
  });
  document.addEventListener("htmx:error", (event) => {
    wait = Math.min(wait * 2, 60000);
    if (note && event.target === note) {
      say("offline");
      setTimeout(() => { if (dirty) htmx.trigger(note, "save"); }, wait);
    } else if (lost.size) {
      const tally = document.querySelector("#tally [data-offline], #one [data-offline]");
      if (tally) { tally.textContent = tally.dataset.offline; tally.className = "is-bad"; }
      setTimeout(repeat, wait);
    }
  });
})();
