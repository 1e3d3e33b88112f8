// Slack's markup and rich text as DOM nodes.
import { el } from "./dom.js";

const EMOJI = {
  white_check_mark: "✅", warning: "⚠️", x: "❌", tada: "🎉", moneybag: "💰", calendar: "📅", hourglass: "⏳",
  bell: "🔔", red_circle: "🔴", large_yellow_circle: "🟡", large_green_circle: "🟢", speech_balloon: "💬", memo: "📝",
  ballot_box_with_check: "☑️", heavy_check_mark: "✔️", rotating_light: "🚨", eyes: "👀", raised_hand: "✋", pray: "🙏",
  arrow_up: "⬆️", arrow_down: "⬇️", handshake: "🤝", phone: "☎️", email: "📧", lock: "🔒", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", white_circle: "⚪", large_blue_circle: "🔵", wave: "👋", hourglass_flowing_sand: "⏳",
};

export function emoji(name) { return EMOJI[name] || `:${name}:`; }

const entities = (s) => s.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

// Markup draws texts for the people that are known.
export class Markup {
  constructor(users, channels) { this.users = users; this.channels = channels; }

  user(id) { return el("span", { class: "mention" }, "@" + (this.users[id]?.name || id)); }

  channel(id) {
    const known = this.channels.find((c) => c.id === id);
    return el("span", { class: "mention" }, "#" + (known?.name || id));
  }

  // object draws a text object, or a plain string.
  object(t) {
    if (!t) return [];
    if (typeof t === "string") return [t];
    return t.type === "mrkdwn" ? this.mrkdwn(t.text) : this.plain(t.text, t.emoji !== false);
  }

  plain(text, withEmoji = true) {
    const lines = (withEmoji ? text.replace(/:([a-z0-9_+-]+):/g, (all, n) => EMOJI[n] || all) : text).split("\n");
    return lines.flatMap((l, i) => (i ? [el("br"), l] : [l]));
  }

  mrkdwn(text) {
    const out = [];
    for (const [i, part] of text.split("```").entries()) {
      if (i % 2) { out.push(el("pre", {}, entities(part.replace(/^\n|\n$/g, "")))); continue; }
      const lines = part.split("\n");
      let quote = null;
      for (const [n, line] of lines.entries()) {
        if (line.startsWith("&gt;") || line.startsWith(">")) {
          if (!quote) out.push(quote = el("blockquote", {}));
          else quote.append(el("br"));
          quote.append(...this.inline(line.replace(/^(&gt;|>) ?/, "")));
          continue;
        }
        if (n > 0 && !quote) out.push(el("br"));
        quote = null;
        out.push(...this.inline(line));
      }
    }
    return out;
  }

  // inline draws one line: entities in angle brackets first, then the marks between words.
  inline(line) {
    const out = [];
    const marks = /<([^<>]+)>|`([^`]+)`|(?<![\w*])\*(?=\S)([^*]+?\S|\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_]+?\S|\S)_(?![\w_])|(?<![\w~])~(?=\S)([^~]+?\S|\S)~(?![\w~])|:([a-z0-9_+-]+):/g;
    let at = 0;
    for (const m of line.matchAll(marks)) {
      if (m.index > at) out.push(entities(line.slice(at, m.index)));
      at = m.index + m[0].length;
      if (m[1] !== undefined) out.push(this.angle(m[1]));
      else if (m[2] !== undefined) out.push(el("code", {}, entities(m[2])));
      else if (m[3] !== undefined) out.push(el("b", {}, ...this.inline(m[3])));
      else if (m[4] !== undefined) out.push(el("i", {}, ...this.inline(m[4])));
      else if (m[5] !== undefined) out.push(el("s", {}, ...this.inline(m[5])));
      else out.push(emoji(m[6]));
    }
    if (at < line.length) out.push(entities(line.slice(at)));
    return out;
  }

  angle(inner) {
    const [target, label] = inner.split("|");
    if (target.startsWith("@")) return this.user(target.slice(1));
    if (target.startsWith("#")) return this.channel(target.slice(1));
    if (target.startsWith("!date^")) return label || "";
    if (target.startsWith("!subteam")) return el("span", { class: "mention" }, label || "@group");
    if (target.startsWith("!")) return el("span", { class: "mention loud" }, "@" + target.slice(1));
    return link(target, entities(label || target));
  }

  // rich draws the elements of a rich_text block.
  rich(elements) { return elements.map((e) => this.richPart(e)); }

  richPart(e) {
    switch (e.type) {
      case "rich_text_section": return el("div", { class: "rich" }, this.runs(e.elements));
      case "rich_text_preformatted": return el("pre", {}, this.runs(e.elements));
      case "rich_text_quote": return el("blockquote", {}, this.runs(e.elements));
      case "rich_text_list": {
        const list = el(e.style === "ordered" ? "ol" : "ul", { class: "indent" + (e.indent || 0) });
        if (e.style === "ordered" && e.offset) list.start = e.offset + 1;
        for (const item of e.elements) list.append(el("li", {}, this.runs(item.elements)));
        return list;
      }
    }
    return el("span", { class: "unknown" }, `[${e.type}]`);
  }

  runs(elements) {
    return (elements || []).flatMap((r) => {
      switch (r.type) {
        case "text": return styled(this.lines(r.text), r.style);
        case "link": return [styled(link(r.url, r.text || r.url), r.style)];
        case "emoji": return [r.unicode ? String.fromCodePoint(...r.unicode.split("-").map((h) => parseInt(h, 16))) : emoji(r.name)];
        case "user": return [this.user(r.user_id)];
        case "channel": return [this.channel(r.channel_id)];
        case "usergroup": return [el("span", { class: "mention" }, "@group")];
        case "broadcast": return [el("span", { class: "mention loud" }, "@" + r.range)];
        case "date": return [r.fallback || ""];
        case "color": return [r.value];
      }
      return [`[${r.type}]`];
    });
  }

  lines(text) { return text.split("\n").flatMap((l, i) => (i ? [el("br"), l] : [l])); }
}

function styled(content, style) {
  let node = [content].flat();
  for (const [name, tag] of [["code", "code"], ["bold", "b"], ["italic", "i"], ["strike", "s"]]) {
    if (style?.[name]) node = [el(tag, {}, ...node)];
  }
  return node;
}

// link follows only what Slack would make a link of.
function link(url, label) {
  if (!/^(https?:|mailto:)/i.test(url)) return label;
  return el("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, label);
}
