import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unpackPackages } from '../debian/unpack.ts'
import type { Place, ServerKind } from './server-kind.ts'

// Debian's packages of mail servers exclude each other, and an installed one starts a service: they are unpacked only.
// Its build looks up the user Debian-exim, which only an installed one creates: libnss-wrapper says who that is.
const unpacked = unpackPackages('exim', ['exim4-daemon-light', 'libidn12', 'libnss-wrapper'])

/** Exim refuses to run as root. Debian's `nobody` owns nothing. */
const own = process.getuid?.()
const user = own === 0 ? 65_534 : own

export const exim: ServerKind = {
  name: 'Exim',
  absence: unpacked
    ? undefined
    : "there is no Exim: it comes from Debian's packages exim4-daemon-light, libidn12 and libnss-wrapper, by apt-get",
  // The queue keeps the body of a message in a file of its own, and delivers none.
  taken: /-D$/,
  prepare(place) {
    if (!unpacked) throw new Error(String(exim.absence))
    // Where a user who is not root can read it, without the mark that would make it root again.
    const programs = join(place.folder, 'programs')
    cpSync(unpacked.folder, programs, { recursive: true, verbatimSymlinks: true })
    const path = join(programs, 'usr/sbin/exim4')
    chmodSync(path, 0o755)

    mkdirSync(join(place.folder, 'log'))
    const file = (name: string, content: string): string => {
      writeFileSync(join(place.folder, name), content)
      return join(place.folder, name)
    }
    const libraries = unpacked.libraries.replaceAll(unpacked.folder, programs)
    return {
      path,
      arguments: ['-C', file('exim.conf', config(place, path)), '-bdf'],
      user: own === 0 ? user : undefined,
      environment: {
        LD_LIBRARY_PATH: libraries,
        LD_PRELOAD: libraries
          .split(':')
          .map((folder) => join(folder, 'libnss_wrapper.so'))
          .filter((library) => existsSync(library))
          .join(':'),
        NSS_WRAPPER_PASSWD: file(
          'passwd',
          `root:x:0:0::/:/bin/false\nDebian-exim:x:${user}:${user}::/:/bin/false\n`,
        ),
        NSS_WRAPPER_GROUP: file('group', `root:x:0:\nDebian-exim:x:${user}:\n`),
      },
    }
  },
}

function config(place: Place, path: string): string {
  const seen = join(place.folder, 'seen')
  return `
primary_hostname = localhost
exim_path = ${path}
keep_environment =
daemon_smtp_ports = ${place.port}
local_interfaces = 127.0.0.1
spool_directory = ${join(place.folder, 'spool')}
log_file_path = ${join(place.folder, 'log')}/%slog
pid_file_path = ${join(place.folder, 'exim.pid')}
tls_advertise_hosts = *
tls_certificate = ${place.cert}
tls_privatekey = ${place.key}
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
host_lookup =
rfc1413_hosts =
message_size_limit = ${place.sizeLimit}
smtp_receive_timeout = ${place.idleTime}s
queue_only = true
smtp_accept_max = 50
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept

begin acl
check_rcpt:
  deny   !authenticated = *
  deny   local_parts = no
         message = 5.1.1 No such user
  defer  local_parts = later
         condition = \${if !exists{${seen}}}
         condition = \${run{/usr/bin/touch ${seen}}{yes}{no}}
         message = 4.7.1 Greylisted
  accept

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${place.user}}}{eq{$auth3}{${place.pass}}}}}
`
}
