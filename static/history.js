// A click in the menu is one step back, not two: Streamlit first goes to the page's bare address, then, when the run
// ends, to the one that says what is chosen. The second takes the first's place, unless the visitor did something between.
(() => {
  if (window.pmqaHistory) return;
  window.pmqaHistory = true;
  const push = history.pushState.bind(history);
  let turned = false; // whether the last step was to another page, and nothing was done on it since
  for (const done of ["pointerdown", "keydown"]) addEventListener(done, () => { turned = false; }, true);
  addEventListener("popstate", () => { turned = false; });
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
    if (turned && samePage && !location.search) {
      history.replaceState(state, unused, url);
    } else {
      push(state, unused, url);
    }
    turned = !samePage;
  };
})();
