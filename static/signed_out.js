// On the page of strangers: every other tab of this browser that still shows something asks for it again, and gets this.
new BroadcastChannel("pmqa").postMessage("signed out");
