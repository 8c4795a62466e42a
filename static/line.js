/* Sending over a line that is slow or breaks: taps and notes save themselves, other forms go once.
   Nothing is kept on the phone; everything also works without this file. */
const line = (() => {
  "use strict";
  const main = document.getElementById("main");
  const $ = (what, where = document) => where.querySelector(what);
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  let gone = false; // the page is being left on purpose

  // --- An answer counts only if it is our own and whole; anything else is a line that is down.
  const down = (why) => Object.assign(new TypeError("no answer of ours"), { why });
  const ours = async (address, how, below = 500) => {
    const answer = await fetch(address, how);
    const own = answer.type === "opaqueredirect" || answer.headers.has("X-Own");
    if (own && answer.status < below) return answer;
    throw down(own && answer.status === 507 ? "full" : "offline");
  };

  // --- A form that saves itself, a note or a roll: one request at a time, again after 2 to 60 seconds.
  const form = $("#note, #taps");
  const note = form?.id === "note" ? form : null;
  const waiting = new Map(); // taps that are to go out: button's name → value, in order
  let flying = new Map(); // taps that are under way
  let typed = 0; // how often the note was changed, and as it was sent, and saved
  let sent = 0;
  let saved = 0;
  let first = 0; // since when something waits
  let began = 0; // when the request under way began,
  let lately = 0; // or the one before
  let wait = 0; // ms until it is tried again
  let timer = 0;
  let trip = 0; // ms that a request takes
  let goingTo = ""; // a link that was tapped while something waited,
  let asked = ""; // and that goes at once when it is tapped again
  let turned = 0; // when the next person was shown
  let handed = ""; // what the page sent while it was being hidden
  let stale = false; // the server does not know this page any more
  const [arrival] = performance.getEntriesByType?.("navigation") ?? [];
  if (arrival) trip = arrival.responseStart - arrival.requestStart;

  const unsaved = () => !gone && !stale && (note ? typed > saved : waiting.size + flying.size > 0);
  const say = (kind) => {
    if (stale) kind = "anew";
    form.toggleAttribute("data-line", kind !== "");
    const place = $(".line");
    place.textContent = form.dataset[kind] ?? "";
    place.className = `line ${kind === "saving" ? "is-wait" : "is-bad"}`;
  };
  const send = () => {
    clearTimeout(timer);
    timer = 0;
    if (!began && unsaved()) htmx.trigger(form, "send");
  };
  const later = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(0, ms));
  };
  // Whoever taps many: what is tapped within 1.6 trips goes out together, but so that it shows within 2.2 s.
  // The last mark of a roll, and a correction after a while, go at once.
  const collecting = () => {
    const unmarked = all(".seg").filter((row) => !$("[aria-pressed=true]", row));
    const isLast = unmarked.length && unmarked.every((row) => $("[aria-busy]", row));
    const isAlone = !unmarked.length && Date.now() - lately > 2200;
    return isLast || isAlone ? 0 : Math.max(0, Math.min(1.6 * trip, 2200 - trip));
  };
  const due = () => {
    first ||= Date.now();
    if (wait) return; // the line is down: that has its own timer
    // A note is saved after a pause of 1.5 s, and every 8 s where there is none.
    if (note) later(Math.min(1500, first + 8000 - Date.now()));
    else later(first + collecting() - Date.now());
  };
  // Of two taps on one row the later one stands, in its own place.
  const tapsInOrder = () => new Map([...[...flying].filter(([name]) => !waiting.has(name)), ...waiting]);
  const show = () => {
    const tapped = tapsInOrder();
    const rest = tapped.get("rest");
    for (const row of all(".seg")) {
      const free = !$("[aria-pressed=true]", row);
      for (const button of all("button", row)) {
        const wanted = tapped.get(button.name) ?? (free ? rest : undefined);
        busy(button, wanted !== undefined && [button.value, button.dataset.mark].includes(wanted));
      }
    }
    for (const button of all(".flag, [name=rest], [name=undo]")) busy(button, tapped.has(button.name));
    const rows = all(".seg").length;
    for (const button of all("[name=rest]")) button.hidden = rows === all(".seg [aria-pressed=true]").length;
  };
  const busy = (element, yes) => (yes ? element.setAttribute("aria-busy", "true") : element.removeAttribute("aria-busy"));

  // One by one: whose turn is next is known before the line has answered.
  const turns = all(".turns > li");
  const turn = (next) => {
    turned = Date.now();
    for (const each of turns) each.classList.toggle("now", each === next);
    $("h2", next).focus({ preventScroll: true });
  };
  const onward = (from) => {
    const open = (each) => $(".seg", each) && !$("[aria-pressed=true], [aria-busy]", each);
    const at = turns.indexOf(from) + 1;
    const next = [...turns.slice(at), ...turns.slice(0, at)].find(open);
    if (next || $(".seg", from)) turn(next ?? turns[turns.length - 1]);
  };

  if (note) {
    // The page and the number of the save: an older one that arrives late changes nothing.
    note.addEventListener("input", () => {
      typed += 1;
      if (!wait) say("saving");
      due();
    });
    note.addEventListener("focusout", () => { if (!wait) send(); });
  } else if (form) {
    form.addEventListener("submit", (event) => {
      const { name, value, dataset } = event.submitter ?? {};
      if (!name) return;
      event.preventDefault();
      // The second half of a double tap is not meant for the person who stands there now.
      if (stale || (turns.length && Date.now() - turned < 300)) return;
      // What a tap takes back is what stands, not what is on its way.
      const wanted = tapsInOrder().has(name) ? dataset.mark ?? value : value;
      waiting.delete(name);
      waiting.set(name, wanted);
      if (!wait) say("saving");
      show();
      if (turns.length) onward(event.submitter.closest("li"));
      due();
    });
  }
  // What is to be sent, added to the form's own fields: a note's number, or all taps and what stands pressed.
  const contents = (body) => {
    if (note) {
      body.set("page", `${String(body.get("page")).split(".")[0]}.${typed}`);
      return body;
    }
    for (const [name, value] of tapsInOrder()) body.append(name, value);
    const rows = all(".seg").map((row) => {
      const buttons = all("[aria-pressed]", row);
      const pressed = buttons.findIndex((button) => button.getAttribute("aria-pressed") === "true");
      return buttons[0].name + (pressed < 0 ? "-" : pressed);
    });
    body.set("shown", rows.join(" "));
    return body;
  };
  const stay = () => {
    for (const link of all("a[aria-busy]")) busy(link, false);
    goingTo = "";
  };
  const through = () => {
    trip = Date.now() - began;
    began = wait = first = 0;
    flying.clear();
    saved = sent;
    if (note) {
      // What was wrong before is saved now.
      document.getElementById("errors")?.remove();
      for (const message of all(".msg", note)) message.remove();
      for (const field of all(".err", note)) field.classList.remove("err");
    } else {
      show();
      // A tap that was refused is asked for again; a row in which a colleague's mark was replaced shows once more.
      const now = $(".turns > .now");
      if (now && !$(".seg", now)) onward(now);
      for (const each of turns) each.classList.toggle("told", $(".seg p", each) !== null);
    }
    if (unsaved()) {
      say("saving");
      due();
      return;
    }
    say("");
    const to = goingTo;
    stay();
    asked = "";
    if (to) location.assign(to);
  };
  const failed = (why) => {
    began = 0;
    stay();
    if (why === "out") line.signedOut();
    stale = why === "anew";
    say(why in form.dataset ? why : "offline");
    if (stale) return;
    wait = Math.min(wait * 2 || 2000, 60000);
    later(wait);
  };
  // Left, hidden or closed: what waits is handed to the browser, which sends it by itself.
  const handOver = () => {
    if (!unsaved()) return;
    const body = contents(new FormData(form));
    const now = [...body].join("\n");
    if (now === handed) return;
    handed = now;
    const headers = { "HX-Request": "true", "HX-Target": form.getAttribute("hx-target") };
    fetch(form.action, { method: "POST", keepalive: now.length < 20000, body, headers }).catch(() => { handed = ""; });
  };
  const anew = () => {
    wait = 0;
    if (form) send();
  };
  addEventListener("online", anew);
  addEventListener("beforeunload", (event) => { if (unsaved() || (note && stale && !gone)) event.preventDefault(); });
  // A link waits until what was tapped or written before it is saved; a second tap goes at once.
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.target || event.defaultPrevented) return;
    if (link.matches("[data-skip]")) {
      event.preventDefault();
      onward(link.closest("li"));
    } else if (unsaved() && asked !== link.href && link.pathname !== location.pathname) {
      event.preventDefault();
      goingTo = asked = link.href;
      busy(link, true);
      send();
    }
  });

  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    const mine = ctx.sourceElement === form;
    ctx.request.timeout = 20000;
    if (mine) {
      // A long note on the slowest line takes a minute.
      ctx.request.timeout += [...contents(ctx.request.body)].join().length * 2;
      flying = tapsInOrder();
      waiting.clear();
      sent = typed;
      lately = began = Date.now();
    }
    ctx.fetch = async (address, how) => {
      const answer = await ours(address, how);
      // Refused with a reason (too long, not on that day) is an answer; anything else means another page.
      if (mine && (answer.redirected || answer.status >= 400) && ![413, 422].includes(answer.status)) throw down(answer.status === 401 ? "out" : "anew");
      return answer;
    };
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx?.sourceElement?.isConnected) $(".sent", ctx.sourceElement)?.remove();
    const state = document.getElementById("note-state");
    if (ctx?.sourceElement !== form || !began) return;
    if (note && state?.dataset.saved !== "yes") {
      began = wait = first = 0;
      stay();
      say("");
    } else through();
  });
  document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
    if (form && ctx?.sourceElement === form) failed(error?.why ?? "offline");
    else if (ctx?.sourceElement) tell(ctx.sourceElement, main.dataset.lost);
  });

  // --- Every other form is sent once, says so, and stays as it is where the line is lost.
  const tell = (place, words, kind = "is-bad") => {
    const said = $(".sent", place) ?? document.createElement("p");
    said.className = `sent ${kind}`;
    said.setAttribute("role", "status");
    said.textContent = words;
    place.append(said);
  };
  addEventListener("submit", async (event) => {
    const { target, submitter } = event;
    // A browser that does not say which button was pressed (iOS 15.3) sends it by itself.
    if (event.defaultPrevented || target.method !== "post" || !main?.contains(target) || submitter === undefined) return;
    event.preventDefault();
    if (target.getAttribute("aria-busy")) return;
    if (note === target) typed += 1;
    if (note === target && submitter?.name === "save") {
      anew();
      return;
    }
    const all = note === target ? contents(new FormData(note)) : new FormData(target);
    const file = target.enctype === "multipart/form-data";
    const body = file ? all : new URLSearchParams(all);
    if (document.documentElement.dataset.whose) body.set("whose", document.documentElement.dataset.whose);
    if (submitter?.name) body.append(submitter.name, submitter.value);
    busy(target, true);
    tell(target, main.dataset.sending, "is-wait");
    let words = main.dataset.lost;
    try {
      const answer = await ours(submitter?.getAttribute("formaction") ?? target.action, {
        method: "POST", body, keepalive: !file && String(body).length < 60000, headers: { "HX-Request": "true" }, signal: AbortSignal.timeout?.(60000),
      }, 600);
      const where = answer.headers.get("HX-Redirect") ?? (answer.redirected ? answer.url : "");
      if (where) {
        gone = true;
        const here = location.pathname + location.search;
        location.assign(where);
        if (where.split("#")[0] === here && where.includes("#")) location.reload();
        return;
      }
      if (answer.status === 401) line.signedOut();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      words = page.body.textContent.trim();
    } catch { /* the line is down */ }
    busy(target, false);
    tell(target, words);
  });

  return { ours, unsaved: () => unsaved() || (note && stale), handOver, anew, busy, signedOut() {}, leave() { gone = true; } };
})();
