import { Router, type ErrorRequestHandler, type Request } from 'express'
import type { ReactElement } from 'react'
import { apologise } from '../shop/apology.ts'
import { ConfirmationBox } from '../shop/confirmation.tsx'
import { renderPage } from '../shop/render-page.ts'
import { FlowPage } from '../shop/flow-page.tsx'
import type { Flow } from '../shop/flows.ts'
import { readValues, type FormState, type Values } from '../shop/form.ts'
import { readListings } from '../shop/listing.tsx'
import type { Places } from '../shop/places.ts'
import { sentMail } from '../shop/sent-mail.ts'

interface FlowRouterSettings {
  readonly path: string
  readonly flow: Flow
  readonly places: Places
  /** What the form holds when it is opened. */
  readonly blank: Values
  readonly Form: (props: { readonly state: FormState }) => ReactElement
  /** What sends. */
  readonly route: Router
}

/** The pages around a route that sends: its form, the form again after a failure, and the confirmation. */
export function flowRouter(settings: FlowRouterSettings): Router {
  const { path, flow, places, blank, Form, route } = settings
  const page = async (content: ReactElement): Promise<string> =>
    renderPage(
      <FlowPage flow={flow} places={places} listings={await readListings(flow.files)}>
        {content}
      </FlowPage>,
    )
  const answerFailure: ErrorRequestHandler = async (error: unknown, req: Request, res, next) => {
    if (req.path !== path || res.headersSent) {
      next(error)
      return
    }
    const { status, defect, ...apology } = apologise(error)
    if (defect) console.error(error)
    const state = { values: readValues(req.body), ...apology }
    res.status(status).send(await page(<Form state={state} />))
  }

  const router = Router()
  router.get(path, async (_req, res) => {
    res.send(await page(<Form state={{ values: blank }} />))
  })
  router.get(`${path}/sent/:key`, async (req, res, next) => {
    const confirmation = sentMail.find(req.params.key)
    if (!confirmation) next()
    else {
      res.send(
        await page(<ConfirmationBox confirmation={confirmation} places={places} again={path} />),
      )
    }
  })
  router.use(route, answerFailure)
  return router
}
