// Preact and htm, in one place.
export {
  html, render, useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback,
} from "/assets/vendor/htm-preact.standalone.module.js";
