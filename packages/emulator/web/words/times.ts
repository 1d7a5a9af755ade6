export interface Place {
  readonly locale?: string | undefined
  readonly timeZone?: string | undefined
}

/** The time of day today, the date on other days, with the year in other years. */
export function listTime(iso: string, now: Date, place: Place = {}): string {
  const time = new Date(iso)
  const [at, today] = [day(time, place), day(now, place)]
  if (at === today) return format(time, place, { timeStyle: 'short' })
  return format(time, place, {
    day: 'numeric',
    month: 'short',
    ...(at.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' }),
  })
}

/** Weekday, date and time to the second. */
export function fullTime(iso: string, place: Place = {}): string {
  const time = new Date(iso)
  const date = format(time, place, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
  return `${date}, ${format(time, place, { timeStyle: 'medium' })}`
}

/** Weekday, date and time to the minute: for a time to come. */
export function dueTime(iso: string, place: Place = {}): string {
  const time = new Date(iso)
  const date = format(time, place, { weekday: 'short', day: 'numeric', month: 'short' })
  return `${date}, ${format(time, place, { timeStyle: 'short' })}`
}

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** How far a time is from now: `in 18 hours`, `2 days ago`. */
export function distance(iso: string, now: Date, locale?: string): string {
  const seconds = (Date.parse(iso) - now.getTime()) / 1000
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  for (const [unit, length] of steps) {
    // Two of a unit before it is used: "in 36 hours" says more than "in 2 days".
    const least = unit === 'day' ? 2 * length : length
    if (Math.abs(seconds) >= least) return words.format(Math.round(seconds / length), unit)
  }
  return words.format(Math.round(seconds), 'second')
}

function format(time: Date, place: Place, parts: Intl.DateTimeFormatOptions): string {
  if (Number.isNaN(time.getTime())) return ''
  return new Intl.DateTimeFormat(place.locale, { ...parts, timeZone: place.timeZone }).format(time)
}

// The one locale whose short date is year-month-day.
function day(time: Date, { timeZone }: Place): string {
  return format(
    time,
    { locale: 'sv-SE', timeZone },
    {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    },
  )
}
