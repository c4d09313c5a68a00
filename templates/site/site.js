// What script adds to pages that work without it: a choice of colours, tabs, copying, and search.
(function () {
  'use strict';
  var root = document.documentElement;
  root.classList.add('js');

  function remembered() {
    try { return localStorage.getItem('rulecast-theme'); } catch (e) { return null; }
  }
  function remember(theme) {
    try { localStorage.setItem('rulecast-theme', theme); } catch (e) { /* a private window */ }
  }
  var theme = remembered();
  if (theme === 'dark' || theme === 'light') root.dataset.theme = theme;

  function element(name, text, type) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    if (type) made.className = type;
    return made;
  }

  function colours() {
    var button = document.getElementById('theme');
    var system = window.matchMedia('(prefers-color-scheme: dark)');
    function isDark() {
      return root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
    }
    function show() {
      button.textContent = isDark() ? 'Light' : 'Dark';
      button.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
    }
    button.addEventListener('click', function () {
      root.dataset.theme = isDark() ? 'light' : 'dark';
      remember(root.dataset.theme);
      show();
    });
    system.addEventListener('change', show);
    button.hidden = false;
    show();
  }

  function named() {
    try { return decodeURIComponent(location.hash.slice(1)); } catch (e) { return ''; }
  }

  function tabs(bar) {
    var links = Array.prototype.slice.call(bar.querySelectorAll('a'));
    var ids = links.map(function (link) { return link.getAttribute('href').slice(1); });
    var panels = ids.map(function (id) { return document.getElementById(id); });
    bar.setAttribute('role', 'tablist');
    bar.setAttribute('aria-label', bar.dataset.tabs);
    function select(at) {
      links.forEach(function (link, other) {
        link.setAttribute('aria-selected', String(other === at));
        link.tabIndex = other === at ? 0 : -1;
        panels[other].classList.toggle('on', other === at);
      });
    }
    // A part of a panel opens the panel.
    function follow() {
      var wanted = named();
      var target = wanted && document.getElementById(wanted);
      var at = panels.findIndex(function (panel) { return target && panel.contains(target); });
      if (at >= 0) {
        select(at);
        target.scrollIntoView();
      }
    }
    function go(at) {
      select(at);
      history.replaceState(null, '', '#' + encodeURIComponent(ids[at]));
    }
    links.forEach(function (link, at) {
      link.setAttribute('role', 'tab');
      link.id = 'tab-' + at;
      link.setAttribute('aria-controls', ids[at]);
      panels[at].setAttribute('role', 'tabpanel');
      panels[at].setAttribute('aria-labelledby', link.id);
      panels[at].removeAttribute('aria-label');
      link.addEventListener('click', function (event) {
        event.preventDefault();
        go(at);
      });
      link.addEventListener('keydown', function (event) {
        var last = links.length - 1;
        var to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
        if (to === undefined && event.key === ' ') to = at;
        if (to === undefined) return;
        event.preventDefault();
        go(to);
        links[to].focus();
      });
    });
    select(0);
    follow();
    window.addEventListener('hashchange', follow);
  }

  function copying(block) {
    var button = element('button', 'Copy', 'copy');
    button.type = 'button';
    button.setAttribute('aria-label', 'Copy: ' + block.getAttribute('aria-label'));
    var box = element('div', '', 'copybox');
    block.parentNode.insertBefore(box, block);
    box.appendChild(block);
    box.appendChild(button);
    function done(text) {
      button.textContent = text;
      setTimeout(function () { button.textContent = 'Copy'; }, 1600);
    }
    // Pages of a directory may lack the newer way.
    function older(text) {
      var area = element('textarea');
      area.value = text;
      area.setAttribute('aria-hidden', 'true');
      area.style.position = 'fixed';
      area.style.opacity = '0';
      document.body.appendChild(area);
      area.select();
      var worked = document.execCommand('copy');
      area.remove();
      button.focus();
      return worked;
    }
    button.addEventListener('click', function () {
      var text = block.textContent;
      if (navigator.clipboard && window.isSecureContext) {
        navigator.clipboard.writeText(text).then(function () { done('Copied'); }, function () {
          done(older(text) ? 'Copied' : 'Not copied');
        });
      } else {
        done(older(text) ? 'Copied' : 'Not copied');
      }
    });
  }

  function printing() {
    var opened = [];
    window.addEventListener('beforeprint', function () {
      opened = Array.prototype.slice.call(document.querySelectorAll('details:not([open])'));
      opened.forEach(function (one) { one.open = true; });
    });
    window.addEventListener('afterprint', function () {
      opened.forEach(function (one) { one.open = false; });
    });
  }

  // Slug, title, level, tactics, techniques, products, log sources, a digit for the status on each target, and the id.
  var SLUG = 0, TITLE = 1, LEVEL = 2, TACTICS = 3, TECHNIQUES = 4, PRODUCTS = 5, SOURCES = 6, ON = 7, ID = 8;
  var STEP = 100;

  function search(data) {
    var form = document.getElementById('filters');
    var rows = document.getElementById('rows');
    var found = document.getElementById('found');
    var more = document.getElementById('more');
    var fields = ['q', 'tactic', 'technique', 'platform', 'source', 'level', 'target', 'fidelity'];
    var inputs = {};
    fields.forEach(function (name) { inputs[name] = form.elements.namedItem(name); });

    function fill(name, all, options) {
      var select = inputs[name];
      select.appendChild(new Option(all, ''));
      options.forEach(function (option) { select.appendChild(new Option(option[1], option[0])); });
    }
    function itself(word) { return [word, word]; }
    fill('tactic', 'Any', data.tactics);
    fill('technique', 'Any', data.techniques.map(function (one) { return [one[0], (one[0] + ' ' + one[1]).trim()]; }));
    fill('platform', 'Any', data.products.map(itself));
    fill('source', 'Any', data.sources.map(itself));
    fill('level', 'Any', data.levels.map(itself));
    fill('target', 'Any', data.targets.map(itself));
    fill('fidelity', 'Any', data.statuses.map(itself));

    var texts = data.rules.map(function (rule) {
      var techniques = rule[TECHNIQUES].map(function (at) { return data.techniques[at].join(' '); });
      var sources = rule[SOURCES].map(function (at) { return data.sources[at]; });
      return (rule[TITLE] + ' ' + rule[SLUG] + ' ' + rule[ID] + ' ' + techniques.join(' ') + ' ' + sources.join(' ')).toLowerCase();
    });
    var hits = [];
    var shown = 0;

    function places(list, wanted, id) {
      return list.map(function (one, at) { return [one, at]; })
        .filter(function (one) { return id(one[0]) === wanted; })
        .map(function (one) { return one[1]; });
    }
    function first(one) { return one[0]; }
    function whole(one) { return one; }

    function matching() {
      var words = inputs.q.value.toLowerCase().split(/\s+/).filter(Boolean);
      var tests = [];
      function among(column, at) {
        tests.push(function (rule) { return at.some(function (one) { return rule[column].indexOf(one) >= 0; }); });
      }
      if (inputs.tactic.value) among(TACTICS, places(data.tactics, inputs.tactic.value, first));
      if (inputs.technique.value) {
        var id = inputs.technique.value;
        // A technique takes its sub-techniques along.
        among(TECHNIQUES, data.techniques.map(first)
          .map(function (one, at) { return one === id || one.indexOf(id + '.') === 0 ? at : -1; })
          .filter(function (at) { return at >= 0; }));
      }
      if (inputs.platform.value) among(PRODUCTS, places(data.products, inputs.platform.value, whole));
      if (inputs.source.value) among(SOURCES, places(data.sources, inputs.source.value, whole));
      if (inputs.level.value) {
        var level = data.levels.indexOf(inputs.level.value);
        tests.push(function (rule) { return rule[LEVEL] === level; });
      }
      var target = data.targets.indexOf(inputs.target.value);
      var status = data.statuses.indexOf(inputs.fidelity.value);
      if (status >= 0) {
        tests.push(function (rule) {
          return target >= 0 ? rule[ON][target] === String(status) : rule[ON].indexOf(String(status)) >= 0;
        });
      } else if (target >= 0) {
        // A target alone asks for the rules that have a query there.
        var refused = [data.statuses.indexOf('refused'), data.statuses.indexOf('declared')].map(String);
        tests.push(function (rule) { return refused.indexOf(rule[ON][target]) < 0; });
      }
      return data.rules.filter(function (rule, at) {
        return words.every(function (word) { return texts[at].indexOf(word) >= 0; })
          && tests.every(function (test) { return test(rule); });
      });
    }

    function row(rule) {
      var line = element('tr');
      var head = element('th');
      head.scope = 'row';
      var link = element('a', rule[TITLE]);
      link.href = rule[SLUG] + '/index.html';
      head.appendChild(link);
      line.appendChild(head);
      var level = data.levels[rule[LEVEL]];
      line.appendChild(element('td')).appendChild(element('span', level, 'level ' + level));
      var ids = rule[TECHNIQUES].map(function (at) { return data.techniques[at][0]; });
      line.appendChild(element('td', ids.join(' '), 'ids'));
      var sources = rule[SOURCES].map(function (at) { return data.sources[at]; });
      line.appendChild(element('td', sources.join(', '), 'quiet'));
      rule[ON].split('').forEach(function (digit) {
        var status = data.statuses[Number(digit)];
        line.appendChild(element('td')).appendChild(element('span', status, 'status ' + status));
      });
      return line;
    }

    function show() {
      var part = document.createDocumentFragment();
      hits.slice(shown, shown + STEP).forEach(function (rule) { part.appendChild(row(rule)); });
      rows.appendChild(part);
      shown = Math.min(shown + STEP, hits.length);
      more.hidden = shown === hits.length;
      more.textContent = 'Show ' + Math.min(STEP, hits.length - shown) + ' more of ' + hits.length;
    }

    function update() {
      hits = matching();
      shown = 0;
      rows.textContent = '';
      show();
      var all = data.rules.length;
      found.textContent = hits.length === all ? all + (all === 1 ? ' rule' : ' rules')
        : hits.length === 0 ? 'No rule is so. Clear a filter to see more.' : hits.length + ' of ' + all + ' rules';
    }

    function keep() {
      var state = new URLSearchParams();
      fields.forEach(function (name) { if (inputs[name].value) state.set(name, inputs[name].value); });
      var text = state.toString();
      history.replaceState(null, '', text ? '#' + text : location.pathname + location.search);
    }
    function recall() {
      var state = new URLSearchParams(location.hash.slice(1));
      fields.forEach(function (name) {
        inputs[name].value = state.get(name) || '';
        // A value that the list lacks selects nothing.
        if (inputs[name].selectedIndex === -1) inputs[name].value = '';
      });
      update();
    }

    form.addEventListener('input', function () { update(); keep(); });
    form.addEventListener('submit', function (event) { event.preventDefault(); });
    form.addEventListener('reset', function () {
      // The fields are empty only after the event.
      setTimeout(function () { update(); keep(); }, 0);
    });
    more.addEventListener('click', function () {
      var at = shown;
      show();
      rows.rows[at].querySelector('a').focus();
    });
    window.addEventListener('hashchange', recall);
    form.hidden = false;
    document.getElementById('list').hidden = false;
    recall();
  }

  document.addEventListener('DOMContentLoaded', function () {
    colours();
    printing();
    document.querySelectorAll('[data-tabs]').forEach(tabs);
    document.querySelectorAll('[data-copy]').forEach(copying);
    if (window.RULES && document.getElementById('filters')) search(window.RULES);
  });
})();
