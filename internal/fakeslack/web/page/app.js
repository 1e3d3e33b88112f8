// The page: who you are, the channels, the messages, the modals.
import { el, clear, byId } from "./dom.js";
import { Markup } from "./text.js";
import { Blocks, openMenu } from "./blocks.js";

const state = { me: "", open: "", view: null, thread: "", modal: "", drafts: {} };

// post sends an act and says what went wrong, as Slack would.
async function post(name, body) {
  let answer;
  try {
    const r = await fetch("/act/" + name, { method: "POST", headers: { "Content-Type": "application/json", "X-Arbot-Demo": "1" }, body: JSON.stringify({ me: state.me, ...body }) });
    answer = r.ok ? await r.json() : { problem: await r.text() };
  } catch {
    answer = { problem: "The demo has ended. Start it again and load this page anew." };
  }
  if (answer.problem) toast(answer.problem);
  return answer;
}

function toast(text) {
  const t = byId("toast");
  t.textContent = text;
  t.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { t.hidden = true; }, 8000);
}

// watch asks for what is new for ever; each answer is the whole of what is seen.
let asking = null;
async function watch() {
  for (;;) {
    asking = new AbortController();
    const q = new URLSearchParams({ me: state.me, open: state.open, rev: state.view?.rev || "" });
    try {
      const r = await fetch("/look?" + q, { signal: asking.signal });
      const view = await r.json();
      if (asking.signal.aborted) continue;
      show(view);
    } catch (error) {
      if (error.name === "AbortError") continue;
      await new Promise((wait) => setTimeout(wait, 1000));
    }
  }
}

function look() { if (state.view) state.view.rev = ""; asking?.abort(); }

function be(id) { state.me = id; state.open = ""; state.thread = ""; state.modal = ""; byId("thread").hidden = true; look(); }

function open(id) {
  state.open = id; state.thread = ""; byId("thread").hidden = true;
  document.body.classList.remove("menu");
  if (id === "home") post("home", {});
  look();
}

function show(v) {
  const moved = state.view?.open !== v.open || state.view?.me !== v.me;
  const grown = (state.view?.messages.length || 0) !== v.messages.length;
  const had = state.view;
  state.view = v; state.me = v.me; state.open = v.open;
  document.body.dataset.me = v.me; // whose page is shown, which is not yet who was chosen
  state.markup = new Markup(v.users, v.channels);
  byId("team").textContent = v.team;
  byId("today").textContent = v.today;
  byId("day").hidden = !v.canWait;
  people(v);
  side(v);
  if (moved || JSON.stringify(had?.messages) !== JSON.stringify(v.messages) || JSON.stringify(had?.home) !== JSON.stringify(v.home)) stream(v, moved || grown);
  if (state.thread) thread(v);
  modal(v);
}

function people(v) {
  const select = byId("me");
  const label = (p) => `${v.users[p.id]?.name || p.id} · ${p.role}${p.unread ? ` (${p.unread})` : ""}`;
  const key = JSON.stringify(v.people) + v.me;
  if (select.dataset.key === key) return;
  select.dataset.key = key;
  clear(select, v.people.map((p) => el("option", { value: p.id }, label(p))));
  select.value = v.me;
}

function side(v) {
  const entry = (id, sign, name, unread) => el("button", { class: (id === v.open ? "on " : "") + (unread ? "unread" : ""), "data-channel": name, onclick: () => open(id) },
    el("span", { class: "sign" }, sign), el("span", { class: "name" }, name), unread ? el("span", { class: "count" }, unread) : "");
  const channels = v.channels.filter((c) => !c.direct).map((c) => entry(c.id, c.private ? "🔒" : "#", c.name, c.unread));
  const direct = v.channels.filter((c) => c.direct).map((c) => entry(c.id, "●", c.name, c.unread));
  clear(byId("side"), el("h2", {}, "Channels"), channels, el("h2", {}, "Apps"), direct, entry("home", "⌂", "arbot: Home", 0));
}

function stream(v, down) {
  const box = byId("stream");
  const home = v.open === "home";
  const channel = v.channels.find((c) => c.id === v.open);
  clear(byId("title"), el("b", {}, home ? "arbot: Home" : (channel?.direct ? "" : channel?.private ? "🔒 " : "# ") + (channel?.name || "")),
    channel && !channel.direct && el("span", { class: "quiet" }, ` ${channel.members} members`), channel?.shared && el("span", { class: "badge" }, "shared"), channel?.archived && el("span", { class: "badge" }, "archived"));
  byId("composer").hidden = home;
  byId("text").placeholder = channel?.direct ? "Message arbot, or type / for commands" : `Message #${channel?.name || ""}, or type / for commands`;
  if (home) { clear(box, v.home ? el("div", { class: "home" }, drawer(v, { view: v.home.id }).draw(v.home.blocks)) : el("p", { class: "quiet" }, "Nothing here yet.")); return; }
  const nodes = [];
  let day = "";
  for (const m of v.messages) {
    if (m.thread && m.thread !== m.ts && !m.broadcast) continue;
    if (m.day !== day) nodes.push(el("div", { class: "day" }, el("span", {}, day = m.day)));
    nodes.push(message(v, m, true));
  }
  const near = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  clear(box, nodes.length ? nodes : el("p", { class: "quiet" }, "No messages yet. Type / to see what can be asked."));
  if (down || near) box.scrollTop = box.scrollHeight;
}

function message(v, m, inStream) {
  const who = v.users[m.user] || { name: m.user };
  const replies = inStream ? v.messages.filter((r) => r.thread === m.ts && r.ts !== m.ts) : [];
  const blocks = m.blocks && m.blocks.length ? drawer(v, { ts: m.ts }).draw(m.blocks) : [el("div", { class: "plain" }, state.markup.mrkdwn(m.text || ""))];
  const pictures = (m.files || []).filter((f) => v.files[f]).map((f) => file(f, v.files[f]));
  const entries = (v.shortcuts || []).map((s) => ({ label: s.name, pick: () => post("shortcut", { shortcut: s.CallbackID, channel: v.open, ts: m.ts }) }));
  entries.unshift({ label: "Reply in thread", pick: () => { state.thread = m.thread || m.ts; thread(state.view); byId("reply").focus(); } });
  const more = m.only ? "" : el("button", { class: "actions-of", "aria-label": "More actions", onclick: (e) => openMenu(e.currentTarget, entries) }, "⋮");
  return el("article", { class: "message" + (m.only ? " only" : ""), "data-ts": m.ts },
    el("div", { class: "avatar" + (who.bot ? " bot" : ""), style: `background:${color(m.user)}`, "aria-hidden": "true" }, initials(who.name)),
    el("div", { class: "body" }, m.only && el("div", { class: "only-note" }, "Only visible to you"),
      el("div", { class: "by" }, el("b", {}, who.name), who.bot && el("span", { class: "badge" }, "APP"), el("time", {}, m.time), m.edited && el("span", { class: "quiet" }, " (edited)")),
      blocks, pictures,
      replies.length ? el("button", { class: "replies", onclick: () => { state.thread = m.ts; thread(state.view); } }, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`) : ""),
    more);
}

// file is a picture with its title, or the name of another file to be saved.
function file(id, f) {
  const at = "/files/" + id;
  if (!f.picture) return el("a", { class: "file", href: at, download: f.name }, f.title || f.name);
  return el("figure", {}, el("figcaption", {}, f.title || f.name), el("img", { class: "pic wide", src: at, alt: f.alt || f.title || "", title: f.alt || "" }));
}

const initials = (name) => name.split(/\s+/).map((w) => w[0]).slice(0, 2).join("").toUpperCase();
const PALETTE = ["#4a154b", "#1264a3", "#007a5a", "#b3541e", "#8d3d8f", "#2b6777", "#9a3412", "#3f4b9b"];
const color = (id) => PALETTE[[...id].reduce((n, c) => n + c.charCodeAt(0), 0) % PALETTE.length];

function drawer(v, at, extra) {
  return new Blocks({
    markup: state.markup,
    act: (e, value, block) => post("click", { channel: at.ts ? v.open : "", ts: at.ts, view: at.view, block, element: e.action_id, value }),
    people: Object.entries(v.users).filter(([, u]) => !u.bot).map(([id, u]) => ({ id, name: u.name })),
    channels: v.channels.filter((c) => !c.direct),
    suggest: async (e, text) => (await post("suggest", { view: at.view, element: e.action_id, text })).options || [],
    ...extra,
  });
}

function thread(v) {
  const box = byId("replies");
  const list = v.messages.filter((m) => m.ts === state.thread || m.thread === state.thread);
  if (!list.length) { byId("thread").hidden = true; return; }
  const key = JSON.stringify(list);
  byId("thread").hidden = false;
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  byId("reply").placeholder = "Reply… (@arbot status acme works here)";
  clear(box, list.map((m) => message(v, m, false)));
  box.scrollTop = box.scrollHeight;
}

// modal draws the top modal. What was typed stays when the app changes the modal.
function modal(v) {
  const veil = byId("modal");
  const top = v.modals[v.modals.length - 1];
  if (!top) { veil.hidden = true; veil.replaceChildren(); state.modal = ""; state.fields = []; return; }
  const key = top.id + top.hash + JSON.stringify(top.errors || {});
  if (state.modal === key) return;
  const same = state.modal.startsWith(top.id);
  const kept = same ? Object.fromEntries((state.fields || []).map((f) => [f.id, f.read()])) : {};
  state.modal = key;
  const d = drawer(v, { view: top.id }, { inModal: true, errors: top.errors, values: kept });
  const body = d.draw(top.blocks);
  state.fields = d.fields;
  const submit = (event) => { event.preventDefault(); if (complain(veil, d.fields)) return; post("submit", { view: top.id, values: Object.fromEntries(d.fields.map((f) => [f.id, f.read()]).filter(([, x]) => x !== "")) }); };
  clear(veil, el("form", { class: "dialog", role: "dialog", "aria-label": top.title, onsubmit: submit },
    el("div", { class: "dialog-head" }, el("h2", {}, top.title), el("button", { type: "button", "aria-label": "Close", onclick: () => post("close", { view: top.id }) }, "✕")),
    el("div", { class: "dialog-body" }, body),
    el("div", { class: "dialog-foot" }, el("button", { type: "button", class: "btn", onclick: () => post("close", { view: top.id }) }, top.close || "Cancel"),
      top.submit && el("button", { type: "submit", class: "btn primary" }, top.submit))));
  veil.hidden = false;
  (veil.querySelector(".error") || veil.querySelector(".field"))?.scrollIntoView({ block: "nearest" });
}

// complain marks inputs that must be filled and are not, as Slack's client does
// before it asks the app.
function complain(veil, fields) {
  const empty = fields.filter((f) => !f.optional && f.read() === "");
  for (const f of empty) {
    const block = [...veil.querySelectorAll(".b-input")].find((x) => x.dataset.block === f.id);
    block.classList.add("bad");
    if (!block.querySelector(".error")) block.append(el("div", { class: "error", role: "alert" }, "Please complete this required field."));
  }
  return empty.length > 0;
}

// The composer: a slash sends a command, everything else is said.
function send(field, thread) {
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  byId("complete").hidden = true;
  if (text.startsWith("/") && !thread) { post("slash", { channel: channelOf(), text }); return; }
  if (text.startsWith("/")) { toast("Slack has no slash commands in threads. Mention the app instead: @arbot " + text.replace(/^\/\S+\s*/, "")); field.value = text; return; }
  post("say", { channel: channelOf(), text, thread });
}

function channelOf() { const c = state.view.channels.find((x) => x.id === state.open); return c?.direct ? "dm" : state.open; }

function complete() {
  const text = byId("text").value, box = byId("complete");
  const fits = text.startsWith("/") ? (state.view.commands || []).filter((c) => c.Text.startsWith(text) && c.Text !== text).slice(0, 12) : [];
  box.hidden = fits.length === 0;
  clear(box, fits.map((c) => el("button", { type: "button", onclick: () => { byId("text").value = c.Text; byId("text").focus(); complete(); } }, el("b", {}, c.Text), el("span", {}, c.Hint))));
}

byId("me").addEventListener("change", (e) => be(e.target.value));
byId("menu").addEventListener("click", () => document.body.classList.toggle("menu"));
byId("unthread").addEventListener("click", () => { state.thread = ""; byId("replies").dataset.key = ""; byId("thread").hidden = true; });
byId("composer").addEventListener("submit", (e) => { e.preventDefault(); send(byId("text"), ""); });
byId("replier").addEventListener("submit", (e) => { e.preventDefault(); send(byId("reply"), state.thread); });
byId("text").addEventListener("input", complete);
byId("text").addEventListener("keydown", (e) => {
  const first = byId("complete").querySelector("button");
  if (e.key === "Tab" && first && !byId("complete").hidden) { e.preventDefault(); first.click(); }
  if (e.key === "Escape") byId("complete").hidden = true;
});
byId("day").addEventListener("click", async (e) => {
  const button = e.currentTarget;
  button.disabled = true;
  button.textContent = "A day passes…";
  await post("day", {});
  button.disabled = false;
  button.textContent = "Next day ▸";
  look();
});
document.addEventListener("keydown", (e) => { if (e.key === "Escape" && !byId("modal").hidden && byId("confirm").hidden) post("close", {}); });

const asked = new URLSearchParams(location.search);
state.me = asked.get("me") || "";
state.open = asked.get("open") || "";
watch();
