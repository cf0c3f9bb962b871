/* With htmx a form is sent and a list renewed without leaving the page; without it they are plain forms and links. Here only: nothing typed is ever lost. */
(() => {
  // On a phone the places stand in one row that scrolls: where one is must be in sight.
  document.querySelector(".places [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const say = (form, words) => {
    form.querySelector(".error")?.remove();
    const line = document.createElement("p");
    line.className = "error";
    line.setAttribute("role", "alert");
    line.textContent = words;
    form.prepend(line);
  };
  const formOf = event => (event.detail.requestConfig?.elt ?? event.detail.elt ?? event.target).closest?.("form");
  // A page that is none of ours (the sign-in, an error) must not take the place of what somebody wrote.
  document.addEventListener("htmx:beforeSwap", event => {
    if (event.detail.xhr.responseText.includes('id="main"') && !event.detail.xhr.responseURL.includes("/sign-in")) return;
    event.detail.shouldSwap = false;
    const form = formOf(event);
    if (form) say(form, event.detail.xhr.responseURL.includes("/sign-in") ? "登录已过期，没有送出。您写的话还在：请在另一个窗口重新登录，再点一次。" : "没有送出，您写的话还在。请稍后再点一次。");
  });
  document.addEventListener("htmx:sendError", event => {
    const form = formOf(event);
    if (form) say(form, "网络断了，没有送出。您写的话还在，请稍后再点一次。");
  });
})();
