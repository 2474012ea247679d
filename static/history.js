// A click in the menu is one step back, not two: Streamlit first goes to the page's bare address, then, when the run
// ends, to the one that says what is chosen. The second takes the first's place, unless the visitor did something between.
// On a busy machine they come the other way round, first what is chosen on the page that is left: the same then.
(() => {
  if (window.pmqaHistory) return;
  window.pmqaHistory = true;
  const push = history.pushState.bind(history);
  let turned = false; // whether the last step was to another page, and nothing was done on it since
  let early = false; // whether it was one on the same page
  const forget = () => { turned = early = false; };
  for (const done of ["pointerdown", "keydown", "click"]) addEventListener(done, forget, true);
  addEventListener("popstate", forget);
  // After a sign-out, what other tabs still show goes, and going back shows nothing of what was. This tab goes to the
  // identity provider then, which only happens once the server has forgotten the sign-in.
  const tabs = new BroadcastChannel("pmqa");
  tabs.onmessage = () => location.reload();
  let leaving = false;
  addEventListener("click", (event) => { leaving = Boolean(event.target.closest?.(".st-key-sign-out")); }, true);
  addEventListener("pagehide", () => { if (leaving) tabs.postMessage("signed out"); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  history.pushState = (state, unused, url) => {
    const to = new URL(url ?? "", location.href);
    const samePage = to.pathname === location.pathname;
    if (samePage ? turned && !location.search : early) {
      history.replaceState(state, unused, url);
    } else {
      push(state, unused, url);
    }
    [turned, early] = [!samePage, samePage];
  };
})();
