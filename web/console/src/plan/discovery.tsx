// The guided discovery; written by its own hand, this only holds the place.
import type { JSX } from "preact";

export function Discovery(): JSX.Element {
  return <p class="quiet-text">…</p>;
}
