/* Two comforts for the report page; it works without them.
   <select id="id_category">, <ul data-part="terms"> <li data-code>, <div data-part="point" hidden> */
const field = (name) => document.getElementById(`id_${name}`);
const part = (name) => document.querySelector(`[data-part="${name}"]`);

function showTerms() {
  const chosen = document.querySelector(`[data-code="${CSS.escape(field("category").value)}"]`);
  const box = part("chosen");
  box.replaceChildren(...(chosen ? chosen.cloneNode(true).childNodes : []));
  const needsConsent = chosen?.dataset.consent === "yes";
  part("consent").hidden = Boolean(chosen) && !needsConsent;
}

function keepPoint({ coords }) {
  field("lng").value = coords.longitude.toFixed(6);
  field("lat").value = coords.latitude.toFixed(6);
  field("crs").value = "wgs84";
  part("point").hidden = false;
  part("no-point").hidden = true;
}

function offerPosition() {
  const button = part("position");
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      keepPoint,
      () => { part("no-point").hidden = false; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}

field("category").addEventListener("change", showTerms);
showTerms();
if (navigator.geolocation) offerPosition();
