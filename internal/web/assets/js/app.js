// The little that plain pages cannot do. Everything works without it.
(function () {
  'use strict';
  // The key "/" moves to the search box, unless something is being typed. It
  // can be turned off on the account page.
  document.addEventListener('keydown', function (e) {
    if (e.key !== '/' || e.ctrlKey || e.metaKey || e.altKey) return;
    var at = document.activeElement;
    if (at && /^(input|textarea|select)$/i.test(at.tagName) && at.type !== 'checkbox') return;
    var box = document.querySelector('input[data-key="/"]');
    if (box) { e.preventDefault(); box.focus(); box.select(); }
  });
  // Pop-ups made of <details> close with Escape and by a click elsewhere.
  document.addEventListener('keydown', function (e) {
    if (e.key !== 'Escape') return;
    document.querySelectorAll('.top details[open]').forEach(function (d) {
      d.removeAttribute('open');
      d.querySelector('summary').focus();
    });
  });
  document.addEventListener('click', function (e) {
    document.querySelectorAll('.top details[open]').forEach(function (d) {
      if (!d.contains(e.target)) d.removeAttribute('open');
    });
  });
  // After a form was refused, the reason is what is read first.
  var problem = document.querySelector('.problem');
  if (problem) problem.focus();
  // Work that goes on by itself stops when the server is away: say so, and
  // leave the button that takes it up again.
  ['htmx:sendError', 'htmx:responseError'].forEach(function (name) {
    document.addEventListener(name, function () {
      document.querySelectorAll('[data-lost]').forEach(function (p) { p.hidden = false; });
    });
  });
  // Buttons that print.
  document.querySelectorAll('button[data-print]').forEach(function (b) {
    b.hidden = false;
    b.addEventListener('click', function () { window.print(); });
  });
})();
