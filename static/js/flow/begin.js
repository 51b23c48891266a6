// The page's state, and the session in it: a script of its own, because the server makes the first frame while pictures and controls are on their way.

import { EMPTY, reduce } from "./reducer.js";
import { startSession } from "./session.js";
import { createStore } from "./store.js";

export const store = createStore(reduce, EMPTY);
export const beginning = startSession(store);
