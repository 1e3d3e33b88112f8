// Block Kit as DOM nodes, drawn as Slack draws it, as far as arbot uses it.
import { el, add } from "./dom.js";

// Blocks draws the blocks of one message or view. act(element, value, block) is
// called when an element is used; options are what menus of people and channels
// hold and how external menus are asked.
export class Blocks {
  constructor({ markup, act, people, channels, suggest, inModal, errors, values }) {
    Object.assign(this, { markup, act, people, channels, suggest, inModal, errors: errors || {}, values: values || {} });
    this.fields = []; // {id, element, read()} of each input
  }

  draw(blocks) {
    return (blocks || []).map((b, i) => this.block(b, b.block_id || "block" + i));
  }

  block(b, id) {
    const m = this.markup;
    switch (b.type) {
      case "header": return el("h3", { class: "b-header" }, m.object(b.text));
      case "divider": return el("hr");
      case "section": return this.section(b, id);
      case "context": return el("div", { class: "b-context" }, b.elements.map((e) => (e.type === "image" ? image(e, "tiny") : el("span", {}, m.object(e)))));
      case "actions": case "context_actions": return el("div", { class: "b-actions" }, b.elements.map((e) => this.element(e, id)));
      case "rich_text": return el("div", { class: "b-rich" }, m.rich(b.elements));
      case "markdown": return el("div", { class: "b-rich" }, this.markdown(b.text));
      case "table": return this.table(b);
      case "image": return el("figure", {}, b.title && el("figcaption", {}, m.object(b.title)), image(b, "wide"));
      case "input": return this.input(b, id);
      case "alert": return el("div", { class: "b-alert" }, m.object(b.text));
    }
    return el("div", { class: "unknown" }, `[${b.type}]`);
  }

  section(b, id) {
    const text = el("div", { class: "b-text" }, b.text && el("div", {}, this.markup.object(b.text)),
      b.fields && el("div", { class: "b-fields" }, b.fields.map((f) => el("div", {}, this.markup.object(f)))));
    const side = b.accessory && el("div", { class: "b-side" }, b.accessory.type === "image" ? image(b.accessory, "thumb") : this.element(b.accessory, id));
    return el("div", { class: "b-section" }, text, side);
  }

  markdown(text) {
    return text.split("\n").map((line) => {
      const head = line.match(/^#{1,6} (.*)/);
      const item = line.match(/^[-*] (.*)/);
      const inline = (t) => this.markup.inline(t.replace(/\*\*(.+?)\*\*/g, "*$1*"));
      if (head) return el("h4", {}, inline(head[1]));
      if (item) return el("div", { class: "bullet" }, "• ", inline(item[1]));
      return el("div", {}, line ? inline(line) : el("br"));
    });
  }

  table(b) {
    const settings = b.column_settings || [];
    const cell = (c, i, tag) => {
      const s = settings[i] || {};
      const node = el(tag, { class: (s.align || "left") + (s.is_wrapped ? " wrap" : "") });
      if (c?.type === "rich_text") return add(node, [this.markup.rich(c.elements)]);
      return add(node, [c?.type === "raw_number" ? c.text || String(c.value ?? "") : c?.text || ""]);
    };
    const [head, ...rows] = b.rows;
    return el("div", { class: "b-table" }, el("table", {},
      el("thead", {}, el("tr", {}, head.map((c, i) => cell(c, i, "th")))),
      el("tbody", {}, rows.map((r) => el("tr", {}, r.map((c, i) => cell(c, i, "td")))))));
  }

  // element draws what can be pressed or chosen.
  element(e, block) {
    const use = (value) => this.ask(e.confirm, () => this.act(e, value, block));
    switch (e.type) {
      case "button": case "workflow_button": {
        const go = () => { if (e.url) window.open(e.url, "_blank", "noreferrer"); use(""); };
        return el("button", { type: "button", class: "btn " + (e.style || ""), "aria-label": e.accessibility_label, onclick: go, "data-action": e.action_id }, this.markup.object(e.text));
      }
      case "overflow": {
        const open = (event) => this.menu(event.currentTarget, e.options.map((o) => ({ label: this.markup.object(o.text), pick: () => { if (o.url) window.open(o.url, "_blank", "noreferrer"); use(o.value); } })));
        return el("button", { type: "button", class: "btn more", "aria-label": "More", onclick: open, "data-action": e.action_id }, "⋯");
      }
      case "image": return image(e, "thumb");
    }
    const control = this.control(e, (value) => use(value));
    control.node.dataset.action = e.action_id;
    return control.node;
  }

  // input draws an input block of a modal and keeps how to read it.
  input(b, id) {
    const dispatch = b.dispatch_action ? (value) => this.act(b.element, value, id) : null;
    const kept = this.values[id];
    const control = this.control(b.element, dispatch, kept);
    this.fields.push({ id, element: b.element, read: control.read, optional: !!b.optional });
    const error = this.errors[id];
    control.node.dataset.action = b.element.action_id;
    control.node.setAttribute("aria-label", b.label?.text || "");
    return el("div", { class: "b-input" + (error ? " bad" : ""), "data-block": id },
      el("label", {}, this.markup.object(b.label), b.optional && el("span", { class: "optional" }, " (optional)")),
      control.node, error && el("div", { class: "error", role: "alert" }, error),
      b.hint && el("div", { class: "hint" }, this.markup.object(b.hint)));
  }

  // control draws an element that holds a value. changed, if given, is told at once.
  control(e, changed, kept) {
    const tell = (value) => changed && changed(value);
    const hint = e.placeholder?.text || "";
    switch (e.type) {
      case "plain_text_input": case "email_text_input": case "url_text_input": case "number_input": {
        const node = el(e.multiline ? "textarea" : "input", { class: "field", placeholder: hint, maxlength: e.max_length, value: kept ?? e.initial_value ?? "", rows: e.multiline ? 3 : undefined, inputmode: e.type === "number_input" ? "decimal" : undefined });
        node.addEventListener("change", () => tell(node.value));
        return { node, read: () => node.value };
      }
      case "datepicker": case "timepicker": {
        const node = el("input", { class: "field short", type: e.type === "datepicker" ? "date" : "time", value: kept ?? e.initial_date ?? e.initial_time ?? "" });
        node.addEventListener("change", () => node.value && tell(node.value));
        return { node, read: () => node.value };
      }
      case "static_select": case "users_select": case "conversations_select": case "channels_select": return this.select(e, tell, kept, hint);
      case "external_select": return this.external(e, tell, kept, hint);
      case "radio_buttons": case "checkboxes": return this.choices(e, tell, kept);
      case "multi_static_select": return this.choices({ ...e, type: "checkboxes" }, tell, kept);
    }
    return { node: el("span", { class: "unknown" }, `[${e.type}]`), read: () => "" };
  }

  select(e, tell, kept, hint) {
    const groups = e.option_groups || [{ options: e.options || this.listed(e.type) }];
    const initial = kept ?? e.initial_option?.value ?? e.initial_user ?? e.initial_conversation ?? e.initial_channel ?? "";
    const node = el("select", { class: "field short" }, el("option", { value: "" }, hint || "Select an option"));
    for (const g of groups) {
      const into = g.label ? el("optgroup", { label: g.label.text }) : node;
      for (const o of g.options) into.append(el("option", { value: o.value }, o.text.text));
      if (into !== node) node.append(into);
    }
    node.value = initial;
    node.addEventListener("change", () => node.value && tell(node.value));
    return { node, read: () => node.value };
  }

  listed(kind) {
    const list = kind === "users_select" ? this.people : this.channels;
    return list.map((p) => ({ value: p.id, text: { text: p.name } }));
  }

  external(e, tell, kept, hint) {
    const list = el("datalist", { id: "list-" + Math.random().toString(36).slice(2) });
    const field = el("input", { class: "field", placeholder: hint || "Type to search", value: kept ?? e.initial_option?.text?.text ?? "", list: list.id });
    field.addEventListener("input", async () => {
      if (field.value.length < (e.min_query_length ?? 3)) return;
      const found = await this.suggest(e, field.value);
      list.replaceChildren(...found.map((o) => el("option", { value: o })));
    });
    field.addEventListener("change", () => field.value && tell(field.value));
    return { node: el("div", { class: "external" }, field, list), read: () => field.value };
  }

  choices(e, tell, kept) {
    const many = e.type === "checkboxes";
    const initial = kept !== undefined ? kept.split(",") : many ? (e.initial_options || []).map((o) => o.value) : [e.initial_option?.value];
    const name = "c" + Math.random().toString(36).slice(2);
    const boxes = (e.options || []).map((o) => {
      const box = el("input", { type: many ? "checkbox" : "radio", name, value: o.value });
      box.checked = initial.includes(o.value);
      return { box, row: el("label", { class: "choice" }, box, el("span", {}, this.markup.object(o.text), o.description && el("small", {}, this.markup.object(o.description)))) };
    });
    const read = () => boxes.filter((b) => b.box.checked).map((b) => b.box.value).join(",");
    const node = el("div", { class: "choices" }, boxes.map((b) => b.row));
    node.addEventListener("change", () => tell(read()));
    return { node, read };
  }

  // ask shows a confirmation first where the element has one.
  ask(confirm, go) {
    if (!confirm) { go(); return; }
    const veil = document.getElementById("confirm");
    const done = (ok) => { veil.hidden = true; veil.replaceChildren(); if (ok) go(); };
    veil.replaceChildren(el("div", { class: "dialog small", role: "alertdialog" },
      el("h2", {}, this.markup.object(confirm.title)), el("div", { class: "dialog-body" }, this.markup.object(confirm.text)),
      el("div", { class: "dialog-foot" },
        el("button", { type: "button", class: "btn", onclick: () => done(false) }, this.markup.object(confirm.deny)),
        el("button", { type: "button", class: "btn " + (confirm.style === "danger" ? "danger" : "primary"), onclick: () => done(true) }, this.markup.object(confirm.confirm)))));
    veil.hidden = false;
  }

  menu(at, entries) { openMenu(at, entries); }
}

// openMenu opens a small menu below an element.
export function openMenu(at, entries) {
  const popup = document.getElementById("popup");
  const shut = () => { popup.hidden = true; popup.replaceChildren(); };
  popup.replaceChildren(...entries.map((e) => el("button", { type: "button", onclick: () => { shut(); e.pick(); } }, e.label)));
  const box = at.getBoundingClientRect();
  popup.hidden = false;
  popup.style.left = Math.max(8, Math.min(box.left, innerWidth - popup.offsetWidth - 8)) + "px";
  popup.style.top = Math.min(box.bottom + 4, innerHeight - popup.offsetHeight - 8) + "px";
  setTimeout(() => document.addEventListener("click", shut, { once: true }));
}

function image(e, size) { return el("img", { class: "pic " + size, alt: e.alt_text || "", src: /^(https?:|data:|\/)/.test(e.image_url || "") ? e.image_url : "" }); }
