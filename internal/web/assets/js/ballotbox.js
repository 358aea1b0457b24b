// The keying page. Each Enter ends a ballot: the line is cleared at once, the
// ballot goes to the server under an id made here, and stands as kept only
// when the server has answered. A lost answer is asked for again under the same
// id, so that nothing is kept twice. Without this script the page is a plain
// form.
(function () {
  'use strict';
  var root = document.getElementById('keying');
  if (!root) return;
  var say = root.dataset;
  var form = document.getElementById('key-form');
  var input = document.getElementById('f-ballot');
  var echo = document.getElementById('key-echo');
  var state = document.getElementById('key-state');
  var next = document.getElementById('key-next');
  var enough = document.getElementById('key-enough');
  var last = document.getElementById('key-last');
  var undo = document.getElementById('key-undo');
  var handIn = document.getElementById('key-hand-in');
  var names = document.querySelectorAll('#key-names li');
  var nameText = Array.prototype.map.call(names, function (li) { return li.querySelector('span').textContent; });
  var kind = say.form, total = +say.names, seats = +say.seats, size = +say.size, causes = +say.causes;
  var have = +say.have;      // kept by the server
  var queue = [];            // keyed here and not yet answered: {id, n, line, li}
  var sending = false, stopped = false, slow = 0;

  function fill(text) {
    for (var i = 1; i < arguments.length; i++) text = text.split('{' + (i - 1) + '}').join(arguments[i]);
    return text;
  }
  function newID() {
    var b = new Uint8Array(12), s = '';
    crypto.getRandomValues(b);
    b.forEach(function (x) { s += ('0' + x.toString(16)).slice(-2); });
    return s;
  }

  // Keys: what a line means, for the echo and to stop slips before they are
  // sent. The server reads the line itself.
  var rest = kind === 'recommend' ? 'n' : 'a';
  var number = { recommend: 'a', confidence3: 'm' }[kind] || 'd';
  var marks = { agree: { '/': 'n', x: 'b' }, confidence3: { '/': 'n', x: 'b', t: 'd' } }[kind] || {};
  function read(line) {
    line = line.trim().toLowerCase();
    var r = { p: null, doubt: false, error: '', repeat: false };
    if (line === '=') { r.repeat = true; return r; }
    if (line.charAt(0) === '?') {
      var c = line.slice(1).trim();
      r.doubt = true;
      if (c !== '' && !(/^\d+$/.test(c) && +c >= 1 && +c <= causes)) r.error = fill(say.sayWhat, line);
      return r;
    }
    var a = rest, b = number;
    if (line.charAt(0) === '!') { a = number; b = rest; line = line.slice(1); }
    var tokens = line.split(/[ ,.;+\t]+/).filter(Boolean);
    if (!tokens.length) return r;
    r.p = new Array(total).fill(a);
    if (tokens.length === 1 && tokens[0] === '0') return r;
    if (tokens.length === 1 && tokens[0] === '*') { r.p.fill(b); return r; }
    var done = {};
    for (var t = 0; t < tokens.length && !r.error; t++) {
      var w = tokens[t], l = b, m = marks[w.charAt(w.length - 1)];
      if (m) { l = m; w = w.slice(0, -1); }
      var g = /^(\d+)(?:-(\d+))?$/.exec(w);
      if (!g) { r.error = fill(say.sayWhat, tokens[t]); break; }
      var from = +g[1], to = g[2] ? +g[2] : from;
      if (from < 1 || to > total || from > to) { r.error = fill(say.sayRange, tokens[t], total); break; }
      for (var i = from; i <= to; i++) {
        if (done[i]) { r.error = fill(say.sayTwice, i); break; }
        done[i] = true; r.p[i - 1] = l;
      }
    }
    return r;
  }

  // What changes on the screen is written only where it differs, into texts and
  // marks of a fixed place (see 75-ballotbox.css): the answer to a key is one
  // small picture.
  function texted(node) { return node.firstChild || node.appendChild(document.createTextNode('')); }
  var echoText = texted(echo), nextText = texted(next), stateText = texted(state);
  function write(text, words) { words = String(words); if (text.data !== words) text.data = words; }
  function mark(node, cls) { if (node.className !== cls) node.className = cls; }
  function said(words, bad) { write(echoText, words); mark(echo, bad ? 'key-echo bad' : 'key-echo'); mark(input, bad ? 'key-input bad' : 'key-input'); }

  var shown = new Array(total).fill('');
  function show(line) {
    var r = read(line), p = r.p, i, list = [], left = 0;
    for (i = 0; i < total; i++) {
      var c = p ? (p[i] === rest ? '' : 'k-' + p[i]) : '';
      if (shown[i] !== c) { names[i].className = c; shown[i] = c; }
      if (p && p[i] !== rest) list.push((i + 1) + ' ' + nameText[i]);
      if (p && p[i] === 'a') left++;
    }
    if (r.error) said('✕ ' + r.error, true);
    else if (r.doubt) said(say.sayDoubt);
    else if (r.repeat) said(say.sayRepeat);
    else if (p) {
      said(fill(say.sayLive, list.length, left) + (kind === 'strike' && left > seats ? ' ! ' + fill(say.sayOver, left, seats) : '') +
        (list.length && list.length < 12 ? ': ' + list.join(' · ') : ''));
    } else said('');
    return r;
  }
  // put sets the line. The field comes last: a browser lays out what was written
  // before it when its value changes, and so does it once.
  function put(line) {
    var r = show(line);
    input.value = line;
    if (line.length > fits) input.scrollLeft = input.scrollWidth; // the end is seen
    return r;
  }
  // fits is how many signs surely fit into the field.
  var fits = 0;
  function measure() { fits = Math.floor((input.clientWidth - 28) / 20); }
  window.addEventListener('resize', measure);
  measure();

  var undoButton = undo.querySelector('button'), doneButton = document.getElementById('key-done');
  function told(words, cls) { write(stateText, words); mark(state, 'key-state ' + cls); }
  function count() { write(nextText, Math.min(have + queue.length + 1, size)); }
  function status() {
    if (stopped) return;
    if (queue.length && slow > 1) told('! ' + fill(say.sayLost, have, queue.length), 'stop');
    else if (queue.length) told('… ' + fill(say.saySending, have, queue.length), 'wait');
    else told('✓ ' + fill(say.saySaved, have), 'yes');
    count();
    enough.hidden = have + queue.length < size;
    form.elements.n.value = have + queue.length + 1;
    form.elements.act.value = newID();
    undo.elements.n.value = have;
    undoButton.disabled = !have || queue.length > 0;
    handIn.elements.n.value = have;
    doneButton.disabled = queue.length > 0;
    mark(doneButton, have === size && !queue.length ? 'btn do' : 'btn');
  }
  function stop(text) {
    stopped = true;
    told('✕ ' + text + ' ' + say.sayReload, 'stop');
    input.disabled = true;
  }

  function post(path, fields) {
    var body = new URLSearchParams(fields), abort = new AbortController();
    var timer = setTimeout(function () { abort.abort(); }, 8000);
    return fetch(path, { method: 'POST', body: body, headers: { Accept: 'application/json' }, redirect: 'manual', signal: abort.signal, credentials: 'same-origin' })
      .then(function (res) {
        clearTimeout(timer);
        if (res.type === 'opaqueredirect') return { error: ' ', reload: true };
        if (res.status >= 500) throw new Error('server');
        return res.json().catch(function () { return { error: ' ', reload: true }; });
      }, function (e) { clearTimeout(timer); throw e; });
  }

  function send() {
    if (sending || stopped || !queue.length) return;
    sending = true;
    var b = queue[0];
    post('/kiem-phieu/nhap/' + say.path, { act: b.id, n: b.n, attempt: say.attempt, ballot: b.line }).then(function (a) {
      sending = false; slow = 0;
      if (a.error) {
        if (a.reload) { stop(a.error); return; }
        // A slip the page did not see: this ballot and those behind it are keyed again.
        queue.forEach(function (q) { if (q.li) q.li.remove(); });
        queue = [];
        put(b.line);
        said('✕ ' + a.error, true);
        status(); input.focus();
        return;
      }
      list(b);
      queue.shift();
      have = a.n;
      if (a.keys !== b.line) b.li.children[1].textContent = a.keys;
      b.li.dataset.keys = a.keys;
      b.li.children[2].textContent = a.says;
      b.li.className = '';
      status(); send();
    }, function () {
      sending = false; slow++;
      status();
      setTimeout(send, Math.min(500 * slow, 3000));
    });
  }

  // ended takes the line as one ballot. The next picture shows the line empty
  // and the number of the next ballot; the one after it shows the ballot in the
  // list of those keyed; then it is sent.
  function ended() {
    if (stopped) return;
    var line = input.value.trim(), r = read(line);
    if (!line || r.error) return;
    if (r.repeat && have + queue.length === 0) { said('✕ ' + fill(say.sayWhat, '='), true); return; }
    var full = have + queue.length >= size;
    if (have + queue.length >= size + 5) { said('! ' + fill(say.sayFull, size), true); return; }
    var b = { id: newID(), n: have + queue.length + 1, line: line, li: null };
    queue.push(b);
    count(); put('');
    if (full) said('! ' + fill(say.sayFull, size), true);
    afterPaint(function () { list(b); status(); afterPaint(send); });
  }
  form.addEventListener('submit', function (e) { e.preventDefault(); ended(); });

  // list adds a ballot to the list of those keyed here.
  function list(b) {
    if (b.li || queue.indexOf(b) < 0) return;
    var li = document.createElement('li'), parts = ['b', ' ', 'kbd', ' ', 'small'];
    parts.forEach(function (p) { li.append(p === ' ' ? p : document.createElement(p)); });
    li.className = 'unsent';
    li.value = b.n;
    li.children[0].textContent = b.n;
    li.children[1].textContent = b.line;
    b.li = li;
    last.insertBefore(li, last.firstChild);
  }

  // afterPaint does something once the next picture is on the screen, or soon
  // where none is drawn: a page in the background.
  function afterPaint(what) {
    var done = false;
    function once() { if (!done) { done = true; what(); } }
    requestAnimationFrame(function () { setTimeout(once, 0); });
    setTimeout(once, 250);
  }

  function takeBack() {
    if (stopped || sending || queue.length || !have) return;
    var li = last.firstElementChild, keys = li ? li.dataset.keys : '';
    sending = true;
    post('/kiem-phieu/rut/' + say.path, { act: newID(), n: have, attempt: say.attempt }).then(function (a) {
      sending = false;
      if (a.error) { stop(a.error); return; }
      if (a.have < have && li) li.remove();
      have = a.have;
      put(keys || ''); status(); input.focus();
    }, function () { sending = false; slow++; told('! ' + fill(say.sayLost, have, 0), 'stop'); });
  }
  undo.addEventListener('submit', function (e) { e.preventDefault(); takeBack(); });
  // The keys of a ballot are taken at once, not by way of the browser's editing
  // of a field and its sending of a form, which on an old PC takes longer than
  // all the page does. Whatever else is pressed, and keys within the line,
  // is the browser's, and comes by the event "input".
  var taken = false; // the key being pressed is done with: no sign comes of it a second time
  input.addEventListener('keypress', function (e) { if (taken) e.preventDefault(); });
  input.addEventListener('keydown', function (e) {
    taken = false;
    if (stopped || e.isComposing || e.ctrlKey || e.altKey || e.metaKey) return;
    var v = input.value;
    switch (e.key) {
      case 'Enter': taken = true; e.preventDefault(); if (!e.repeat) ended(); return;
      case 'Escape': put(''); return;
      case 'Backspace':
        if (v === '' && !e.repeat) { e.preventDefault(); takeBack(); }
        return;
    }
    if (!/^[0-9 ,.+-]$/.test(e.key) || v.length >= input.maxLength || input.selectionStart !== v.length) return;
    taken = true;
    e.preventDefault();
    put(v + e.key);
  });
  input.addEventListener('input', function () { show(input.value); });
  window.addEventListener('beforeunload', function (e) { if (queue.length) { e.preventDefault(); e.returnValue = say.sayLeave; } });
  // A number of the list may be clicked too, though no mouse is needed.
  document.getElementById('key-names').addEventListener('click', function () { input.focus(); });
  handIn.addEventListener('submit', function (e) { if (queue.length) e.preventDefault(); });
  status(); show(input.value); input.focus();
})();
