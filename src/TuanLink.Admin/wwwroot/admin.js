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
  // Files that would be refused are said to be so before anything is sent.
  document.addEventListener("change", event => {
    const field = event.target;
    if (!field.matches?.("input[type=file][data-most]")) return;
    field.form.querySelector(".error")?.remove();
    const large = [...field.files].filter(file => file.size > field.dataset.largest);
    const why = large.length ? large.map(file => `“${file.name}”有 ${(file.size / 1048576).toFixed(1)} MB`).join("、") + `，超过 ${field.dataset.largest / 1048576} MB`
      : field.files.length > field.dataset.most ? `一次最多 ${field.dataset.most} 个文件` : "";
    if (!why) return;
    field.value = "";
    say(field.form, why + "。请重新选择附件，您写的话还在。");
  });
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
