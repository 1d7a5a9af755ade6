"""aiosmtpd, told what to do in its first argument: see Place in server-kind.ts."""

import asyncio
import itertools
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

place = json.loads(sys.argv[1])
numbers = itertools.count()
seen = set()


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        name = address.split("@")[0]
        if name == "no":
            return "550 5.1.1 No such user"
        if name == "later" and address not in seen:
            seen.add(address)
            return "450 4.7.1 Greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        with open(os.path.join(place["mails"], f"{next(numbers)}.eml"), "wb") as file:
            file.write(envelope.content)
        return "250 Taken"


def authenticate(server, session, envelope, mechanism, login):
    given = (login.login.decode(), login.password.decode())
    # Not handled: aiosmtpd says 535 itself.
    return AuthResult(success=given == (place["user"], place["pass"]), handled=False)


def session():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(place["cert"], place["key"])
    return SMTP(
        Handler(),
        hostname="localhost",
        data_size_limit=place["sizeLimit"],
        timeout=place["idleTime"],
        tls_context=context,
        require_starttls=True,
        authenticator=authenticate,
        auth_required=True,
    )


async def main():
    server = await asyncio.get_running_loop().create_server(
        session, "127.0.0.1", place["port"]
    )
    await server.serve_forever()


asyncio.run(main())
