// Runs before the first paint, so that a dark page never flashes white. Exports nothing: it is no module.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const wished = localStorage.getItem('theme') ?? 'system';
    document.documentElement.dataset.theme = wished === 'system' ? (dark.matches ? 'dark' : 'light') : wished;
  };
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
  addEventListener('themechange', apply);
  apply();
})();
