// Runs in a sandboxed frame: asks the vendor's program on this device by JSONP and hands on what it answers.
(() => {
  const hub = 'http://127.0.0.1:32017/Spokes/';
  let last = 0;
  window.addEventListener('message', ({ source, data }) => {
    if (source !== window.parent || typeof data !== 'object' || data === null) return;
    const { id, path } = data;
    if (typeof id !== 'number' || !/^[A-Za-z]+\/[A-Za-z]+(\?[\w=&%.-]*)?$/.test(path)) return;
    last += 1;
    const name = `answer${last}`;
    const script = document.createElement('script');
    const done = (answer) => {
      delete window[name];
      script.remove();
      window.parent.postMessage({ id, answer }, '*');
    };
    window[name] = done;
    // Also after an answer that never called back.
    script.addEventListener('load', () => window[name] && done(undefined));
    script.addEventListener('error', () => done(undefined));
    script.src = `${hub}${path}${path.includes('?') ? '&' : '?'}callback=${name}`;
    document.head.append(script);
  });
})();
