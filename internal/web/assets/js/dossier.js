// Files into a person's file: dropped or chosen, sent together with a bar of
// what has arrived. Without this script the form is a plain one.
(function start() {
  'use strict';
  var form = document.getElementById('dossier-up');
  if (!form || !window.FormData || !window.XMLHttpRequest) return;
  var input = document.getElementById('f-file'), drop = document.getElementById('drop');
  var bar = document.getElementById('up-bar'), state = document.getElementById('up-state'), button = form.querySelector('button');
  ['dragenter', 'dragover'].forEach(function (e) {
    drop.addEventListener(e, function (ev) { ev.preventDefault(); drop.classList.add('over'); });
  });
  ['dragleave', 'drop'].forEach(function (e) {
    drop.addEventListener(e, function (ev) { ev.preventDefault(); drop.classList.remove('over'); });
  });
  drop.addEventListener('drop', function (ev) {
    if (ev.dataTransfer && ev.dataTransfer.files.length) {
      input.files = ev.dataTransfer.files;
      state.textContent = Array.prototype.map.call(input.files, function (f) { return f.name; }).join(', ');
    }
  });
  form.addEventListener('submit', function (ev) {
    if (!input.files.length) return;
    ev.preventDefault();
    var x = new XMLHttpRequest();
    button.disabled = true;
    bar.classList.remove('hide');
    x.upload.addEventListener('progress', function (e) {
      if (!e.lengthComputable) return;
      var part = Math.round(100 * e.loaded / e.total);
      bar.value = part;
      state.textContent = part < 100 ? form.dataset.say.replace('{0}', part) : form.dataset.done;
    });
    x.addEventListener('load', function () {
      if (x.responseURL && x.responseURL.split('?')[0] === location.href.split('?')[0] && x.responseURL.indexOf('ghi=') > 0) {
        location.assign(x.responseURL); // recorded: the page with its notice
        return;
      }
      // The same page with what was taken, or why nothing was.
      var got = new DOMParser().parseFromString(x.responseText, 'text/html').querySelector('main');
      var main = document.querySelector('main');
      if (!got || !main) { location.reload(); return; }
      main.replaceWith(document.importNode(got, true));
      var problem = document.querySelector('.problem, #told');
      if (problem) { problem.setAttribute('tabindex', '-1'); problem.focus(); }
      start();
    });
    x.addEventListener('error', function () { button.disabled = false; state.textContent = form.dataset.lost; });
    x.open('POST', form.action);
    x.send(new FormData(form));
  });
})();
