/** Variables by which a platform shows that it freezes a process after its response. */
const platforms: readonly { readonly variable: string; readonly source: string }[] = [
  {
    variable: 'VERCEL',
    source: 'https://vercel.com/docs/environment-variables/system-environment-variables',
  },
  // Netlify and Amplify run on Lambda too.
  {
    variable: 'AWS_LAMBDA_FUNCTION_NAME',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html',
  },
  { variable: 'K_SERVICE', source: 'https://docs.cloud.google.com/run/docs/container-contract' },
  {
    variable: 'FUNCTIONS_WORKER_RUNTIME',
    source: 'https://learn.microsoft.com/azure/azure-functions/functions-app-settings',
  },
]

/** Whether the process may be frozen between two requests: a connection that it keeps is then dead. */
export function isServerless(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return platforms.some(({ variable }) => Boolean(environment[variable]))
}
