import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import type { Request, Response } from 'express'
import { apologise } from '../shop/apology.ts'
import { renderPage } from '../shop/render-page.ts'
import { readValues } from '../shop/form.ts'
import { NotFound } from '../shop/not-found.tsx'
import { readPlaces } from '../shop/places.ts'
import { SignUpPages } from './sign-up-pages.tsx'

/** Shows the form again, with what was typed and what is wrong. */
@Catch()
export class ApologyFilter implements ExceptionFilter {
  constructor(private readonly pages: SignUpPages) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const req = host.switchToHttp().getRequest<Request>()
    const res = host.switchToHttp().getResponse<Response>()
    if (error instanceof HttpException && error.getStatus() === 404) {
      res.status(404).send(renderPage(<NotFound places={readPlaces()} />))
      return
    }
    const { status, defect, ...apology } = apologise(error)
    if (defect) console.error(error)
    res.status(status).send(await this.pages.form({ values: readValues(req.body), ...apology }))
  }
}
