// Scans of a pile: files go to the server one after the other, so that what was
// sent stays sent; and one key decides a sheet. Without this script both pages
// are plain forms.
(function () {
  'use strict';
  var keys = document.querySelectorAll('[data-key]');
  document.addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.altKey || e.metaKey || e.repeat || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
    for (var i = 0; i < keys.length; i++) {
      if (keys[i].getAttribute('data-key') === e.key) { e.preventDefault(); keys[i].click(); return; }
    }
  });

  var form = document.getElementById('scan-up');
  if (!form || !window.fetch || !window.DOMParser) return;
  var input = document.getElementById('f-file'), state = document.getElementById('scan-state');
  var button = form.querySelector('button');
  function fill(text) {
    for (var i = 1; i < arguments.length; i++) text = text.split('{' + (i - 1) + '}').join(arguments[i]);
    return text;
  }
  // One file at a time; single pictures of two-sided ballots go by twenties, an
  // even number, so that no sheet is torn apart.
  function batches(files) {
    var out = [], step = form.dataset.single ? 1 : 20;
    for (var i = 0; i < files.length;) {
      var whole = /\.(pdf|tiff?)$/i.test(files[i].name), n = 1;
      while (!whole && n < step && i + n < files.length && !/\.(pdf|tiff?)$/i.test(files[i + n].name)) n++;
      out.push(files.slice(i, i + n));
      i += n;
    }
    return out;
  }
  // What went wrong stands above the form; nothing of it counts as read.
  function wrong(node) {
    var old = form.parentNode.querySelector('.problem');
    if (old) old.remove();
    if (node) form.parentNode.insertBefore(node, form);
    return false;
  }
  function show(doc) {
    wrong();
    if (!doc.getElementById('scan-count')) { // not this page: an error, or logged out
      var note = document.createElement('div'), said = doc.querySelectorAll('main h1, main h1 + p');
      note.className = 'note stop problem';
      note.setAttribute('role', 'alert');
      note.textContent = Array.prototype.map.call(said, function (n) { return n.textContent; }).join('. ') || fill(form.dataset.lost, 0, 0);
      return wrong(note);
    }
    ['scan-count', 'scan-queue', 'scan-handin'].forEach(function (id) {
      var now = document.getElementById(id), got = doc.getElementById(id);
      if (now && got) now.replaceWith(document.importNode(got, true));
    });
    var told = document.getElementById('scan-told');
    doc.querySelectorAll('#scan-told tbody tr').forEach(function (tr) {
      told.classList.remove('hide');
      told.querySelector('tbody').appendChild(document.importNode(tr, true));
    });
    var bad = doc.querySelector('.problem');
    return bad ? wrong(document.importNode(bad, true)) : true;
  }
  form.addEventListener('submit', function (e) {
    var files = Array.prototype.slice.call(input.files);
    if (!files.length) return;
    e.preventDefault();
    button.disabled = true;
    var todo = batches(files), sent = 0;
    var fields = new FormData(form);
    (function next() {
      if (!todo.length) { button.disabled = false; input.value = ''; state.textContent = fill(form.dataset.say, sent, files.length); return; }
      var said = fill(form.dataset.say, sent, files.length), asked = form.action.replace('/quet/', '/doc-toi-dau/');
      state.textContent = said;
      // A file of many pages takes a while: say how far it is.
      var far = setInterval(function () {
        fetch(asked, { credentials: 'same-origin' }).then(function (r) { return r.ok ? r.text() : ''; }).then(function (t) { if (far && t) state.textContent = said + ' · ' + t; }).catch(function () { /* the answer will tell */ });
      }, 1000);
      var over = function () { clearInterval(far); far = 0; };
      var body = new FormData();
      ['act', 'seen'].forEach(function (k) { body.append(k, fields.get(k)); });
      todo[0].forEach(function (f) { body.append('file', f); });
      fetch(form.action, { method: 'POST', body: body, credentials: 'same-origin' }).then(function (r) { return r.text(); }).then(function (text) {
        over();
        if (show(new DOMParser().parseFromString(text, 'text/html'))) { sent += todo.shift().length; next(); }
        else { state.textContent = fill(form.dataset.say, sent, files.length); button.disabled = false; }
      }).catch(function () { over(); state.textContent = fill(form.dataset.lost, sent, files.length); button.disabled = false; });
    })();
  });

  // The scanner's folder: looked at every few seconds while the page is open, and
  // emptied into the pile when the box is ticked.
  var inbox = document.getElementById('scan-inbox');
  if (!inbox) return;
  var auto = document.getElementById('scan-auto'), busy = false;
  document.getElementById('scan-auto-row').classList.remove('hide');
  function take(e) {
    if (e) e.preventDefault();
    if (busy) return;
    busy = true;
    var now = document.querySelector('[data-inbox]');
    fetch(now.action, { method: 'POST', body: new URLSearchParams(new FormData(now)), credentials: 'same-origin' })
      .then(function (r) { return r.text(); })
      .then(function (t) { after(new DOMParser().parseFromString(t, 'text/html'), true); })
      .catch(function () { state.textContent = form.dataset.lost; })
      .then(function () { busy = false; });
  }
  function after(doc, taken) {
    var got = doc.getElementById('scan-inbox');
    if (taken) show(doc);
    if (!got) { if (taken) auto.checked = false; return; }
    var line = inbox.querySelector('p'), fresh = got.querySelector('p');
    line.textContent = fresh.textContent;
    inbox.dataset.ready = got.dataset.ready;
    ['act', 'seen'].forEach(function (k) {
      var a = inbox.querySelector('[name=' + k + ']'), b = got.querySelector('[name=' + k + ']');
      if (a && b) a.value = b.value;
    });
    if (auto.checked && +inbox.dataset.ready > 0 && taken) setTimeout(take, 50);
  }
  inbox.querySelector('form').addEventListener('submit', take);
  setInterval(function () {
    if (busy || document.hidden && !auto.checked) return;
    fetch(location.pathname.replace('/quet/', '/thu-muc/'), { credentials: 'same-origin' }).then(function (r) { return r.text(); }).then(function (t) {
      if (busy) return;
      after(new DOMParser().parseFromString(t, 'text/html'), false);
      if (auto.checked && +inbox.dataset.ready > 0) take();
    }).catch(function () { /* the next look will tell */ });
  }, 4000);
})();
