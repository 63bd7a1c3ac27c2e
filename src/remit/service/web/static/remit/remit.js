// Starts the design system's parts. Every page is whole without it.
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
window.NHSUKFrontend.initAll();
