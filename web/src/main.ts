/** The page: style, elements, and the socket to the station's server. */
import "./fonts.css";
import "./theme.css";
import "./map/map";
import "./profile/profile";
import "./editor/editor";
import "./panels/top";
import "./panels/strip";
import "./panels/authority";
import "./panels/alarms";
import "./panels/checklists";
import "./panels/mode-line";
import "./panels/numbers";
import "./panels/flight-display";
import "./panels/fuel";
import "./panels/links";
import "./panels/instructor";
import "./panels/replay";
import "./panels/command-bar";
import "./panels/pages";
import "./panels/parameters-page";
import "./panels/settings-page";
import "./panels/help-page";
import { serverWords } from "./i18n";
import { listenForKeys } from "./keyboard";
import { apply } from "./settings";
import { listenForTouch } from "./sound";
import { liveAddress, store } from "./store";

apply();
listenForKeys();
listenForTouch();
void serverWords("catalogue.json");
if (import.meta.env.DEV && new URLSearchParams(location.search).has("scene")) {
  const { play } = await import("../test/scene");
  play((message) => store.take(message));
} else {
  if (new URLSearchParams(location.search).has("measure")) (await import("./measure")).measure(store);
  store.open(liveAddress(window.location));
}
