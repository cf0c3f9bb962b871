/*
 * The button of 青年之声 for any site: <script src="https://HOST/chat/embed.js" data-site="SITE" async></script>
 * It opens the chat page of HOST in a frame. Nothing of the site is read, nothing but the button and the frame is added to it,
 * and the service shows its page only to the sites it is configured for (docs/channels.md).
 */
(() => {
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const address = home + "/" + (script.dataset.site ? "?site=" + encodeURIComponent(script.dataset.site) : "");
  const PATIENCE = 8000; // ms until a frame that says nothing is taken for one that was refused

  const LOOK = `
    :host { all: initial; }
    button, .panel { position: fixed; right: max(16px, env(safe-area-inset-right)); z-index: 2147483000; box-sizing: border-box; }
    button { bottom: max(16px, env(safe-area-inset-bottom)); min-height: 52px; padding: 0 22px; border: 1px solid #fff; border-radius: 26px; background: #17665f; color: #fff;
      font: 600 16px/1.4 -apple-system, "PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; box-shadow: 0 4px 18px rgba(18, 48, 44, .3); cursor: pointer; }
    button:focus-visible { outline: 3px solid #17665f; outline-offset: 3px; }
    .panel { bottom: calc(80px + env(safe-area-inset-bottom)); width: 400px; height: min(680px, calc(100vh - 100px)); overflow: hidden; border: 1px solid #d3dfda; border-radius: 20px; background: #eff4f1;
      box-shadow: 0 8px 40px rgba(18, 48, 44, .3); font: 16px/1.6 -apple-system, "PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", sans-serif; color: #18302d; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    p { margin: 32px 24px; } a { color: #17665f; }
    [hidden] { display: none; }
    @media (max-width: 480px), (max-height: 480px) {
      .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; }
      .ready:not([hidden]) + button { display: none; }
    }`;

  const make = (tag, given) => Object.assign(document.createElement(tag), given);

  function put() {
    const host = make("div", { id: "tuanlink-chat" });
    const root = host.attachShadow({ mode: "open" });
    const panel = make("div", { className: "panel", id: "panel", hidden: true });
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", "青年之声");
    const button = make("button", { type: "button", textContent: "青年之声" });
    button.setAttribute("aria-controls", "panel");
    // A sheet made by script passes a site's own policy against inline styles.
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(LOOK);
      root.adoptedStyleSheets = [sheet];
    } catch { root.append(make("style", { textContent: LOOK })); }
    root.append(panel, button);
    document.body.append(host);

    let frame = null, waiting;

    function open() {
      panel.hidden = false;
      button.setAttribute("aria-expanded", "true");
      button.textContent = "收起";
      if (frame) return frame.focus();
      frame = make("iframe", { src: address, title: "青年之声对话", allow: "microphone" });
      panel.replaceChildren(frame);
      waiting = setTimeout(refused, PATIENCE);
      return undefined;
    }

    function fold() {
      if (panel.hidden) return;
      panel.hidden = true;
      button.setAttribute("aria-expanded", "false");
      button.textContent = "青年之声";
      button.focus();
    }

    function away() {
      clearTimeout(waiting);
      panel.classList.remove("ready");
      panel.replaceChildren();
      frame = null;
    }

    function refused() {
      away();
      const said = make("p", { textContent: "这里打不开对话。可以" });
      said.append(make("a", { href: home + "/", target: "_blank", rel: "noopener", textContent: "在新窗口打开" }), "，或拨打 ", make("a", { href: "tel:12355", textContent: "12355" }), "。");
      panel.append(said);
    }

    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => panel.hidden ? open() : fold());
    host.addEventListener("keydown", event => { if (event.key === "Escape") fold(); });
    addEventListener("message", event => {
      if (!frame || event.source !== frame.contentWindow || event.origin !== home) return;
      if (event.data === "tuanlink:ready") {
        clearTimeout(waiting);
        panel.classList.add("ready");
        frame.focus();
      } else if (event.data === "tuanlink:fold") fold();
      else if (event.data === "tuanlink:leave") {
        fold();
        away();
      }
    });
  }

  if (document.body) put();
  else addEventListener("DOMContentLoaded", put);
})();
