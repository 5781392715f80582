// What of a page is too small to read or to hit; the resident's shell only for the type.
({ elder }) => {
  const found = [];
  const say = (what, el) => {
    const words = (el.textContent || el.name || '').trim().replace(/\s+/g, ' ').slice(0, 16);
    found.push(`${what}: ${el.tagName.toLowerCase()}.${el.className} ${words}`);
  };
  const visible = (el) => el.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
    && !el.closest('.visually-hidden, [aria-hidden="true"]');
  const staff = document.documentElement.dataset.room === 'staff';

  if (!staff) {
    const least = elder ? 24 : 20;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const seen = new Set();
    while (walker.nextNode()) {
      const el = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || seen.has(el) || !visible(el)) continue;
      seen.add(el);
      const size = parseFloat(getComputedStyle(el).fontSize);
      if (size < least - 0.01) say(`type of ${size} px`, el);
    }
  }

  const target = (el) => {
    if (!['checkbox', 'radio'].includes(el.type)) return el.getBoundingClientRect();
    const label = el.labels[0];
    if (!label) return el.getBoundingClientRect();
    const a = el.getBoundingClientRect(), b = label.getBoundingClientRect();
    return {
      width: Math.max(a.right, b.right) - Math.min(a.left, b.left),
      height: Math.max(a.bottom, b.bottom) - Math.min(a.top, b.top),
    };
  };
  const inSentence = (el) => el.tagName === 'A' && getComputedStyle(el).display === 'inline'
    && [...el.parentElement.childNodes].some((n) => n !== el && n.textContent.trim());
  for (const el of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!visible(el) || inSentence(el) || el.classList.contains('skip')) continue;
    const { width, height } = target(el);
    if (!width || !height) continue;
    const primary = elder && el.classList.contains('primary');
    if (staff && !el.matches('.btn, input, select, textarea, summary')) continue;
    const least = primary ? 60 : 44;
    if (height < least - 0.5 || width < 43.5) say(`target of ${Math.round(width)} × ${Math.round(height)} px`, el);
  }
  return [...new Set(found)];
}
