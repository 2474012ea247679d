// A click on a chart right after the mouse moved is not lost: Plotly learns what is below the mouse up to 50 ms after it
// moved, and one that it learns while the button is down is of nothing. The press waits until it has learnt.
// A press on a radar is a click wherever the mouse goes: to drag on one would magnify it.
(() => {
  if (window.pmqaClicks) return;
  window.pmqaClicks = true;
  const LEARNT = 60; // milliseconds
  let moved = 0, ours = false, radar = false, held; // held: the events of a press that waits; radar: pressed on one
  const again = (event) => event.target.dispatchEvent(new MouseEvent(event.type, event));
  const release = () => {
    const events = held;
    held = undefined;
    ours = true;
    events.forEach(again);
    ours = false;
  };
  const look = (event) => {
    if (event.type === "mousemove" && radar) return event.stopImmediatePropagation();
    radar = event.type === "mousedown" && Boolean(event.target.closest?.(".stPlotlyChart .maindrag"));
    if (ours) return;
    const drag = event.target.closest?.(".stPlotlyChart .drag");
    if (held) held.push(event);
    else if (event.type === "mousedown" && drag && event.timeStamp - moved < LEARNT) {
      held = [event];
      setTimeout(release, LEARNT);
    } else {
      if (event.type === "mousemove" && drag) moved = event.timeStamp;
      return;
    }
    event.stopImmediatePropagation();
    event.preventDefault();
  };
  for (const type of ["mousemove", "mousedown", "mouseup"]) addEventListener(type, look, true);
})();
