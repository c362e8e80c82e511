// Sets the colour scheme before the first paint, so that a dark room is not lit up by a white page. A file of its own
// because the content security policy permits no inline script.
(function () {
  var chosen = null;
  try {
    chosen = window.localStorage.getItem('offhook.colorScheme');
  } catch {
    // Storage is forbidden: follow the system.
  }
  var dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  var scheme = chosen === 'light' || chosen === 'dark' ? chosen : dark ? 'dark' : 'light';
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
