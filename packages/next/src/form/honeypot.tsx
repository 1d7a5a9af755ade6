'use client'

import type { CSSProperties, ReactElement } from 'react'

/** The props of {@link Honeypot}. */
export interface HoneypotProps {
  /** The action's `honeypot`. Default `'website'`. */
  readonly name?: string | undefined
  /** What a visitor reads whose browser shows it all the same. */
  readonly label?: string | undefined
  /** Moves it out of sight in place of a `style` attribute, where a Content-Security-Policy forbids those. */
  readonly className?: string | undefined
}

// Not display: none, which robots look for.
const outOfSight: CSSProperties = {
  position: 'absolute',
  left: '-10000px',
  width: 1,
  height: 1,
  overflow: 'hidden',
}

/** A field that people do not see and robots fill: the action then answers "sent" and sends nothing. */
export function Honeypot({
  name = 'website',
  label = 'Leave this empty',
  className,
}: HoneypotProps): ReactElement {
  return (
    <div aria-hidden="true" {...(className === undefined ? { style: outOfSight } : { className })}>
      <label>
        {label} <input type="text" name={name} tabIndex={-1} autoComplete="off" />
      </label>
    </div>
  )
}
