#!/usr/bin/env bash
# Nodemailer, as web applications use it: a pool of connections that sends many messages over TLS, attachments and names
# in other scripts unharmed, a refused login told as EAUTH.
# needs: node-nodemailer nodejs python3
set -euo pipefail
. "$INTEROP/functions.sh"

cat >send.js <<'NODE'
const assert = require("assert"), fs = require("fs"), nodemailer = require("/usr/share/nodejs/nodemailer");
const {HOST, DOMAIN, SUBMISSION, SMTPS, CA, ADA_PASSWORD} = process.env;
const tls = {ca: fs.readFileSync(CA), servername: HOST};
const auth = {user: "ada", pass: ADA_PASSWORD};
const message = number => ({
    from: {name: "Ada Łovelace", address: `ada@${DOMAIN}`}, to: `grace@${DOMAIN}`, subject: `Número ${number} ☂`,
    text: `Grüße ${number}`, attachments: [{filename: "every byte.bin", content: Buffer.from([...Array(256).keys()])}],
});
(async () => {
    const implicit = nodemailer.createTransport({host: HOST, port: SMTPS, secure: true, pool: true, maxConnections: 5, auth, tls});
    await implicit.verify();
    const sent = await Promise.all([...Array(40).keys()].map(number => implicit.sendMail(message(number))));
    for (const {response} of sent) assert.match(response, /^250 2\.0\.0 /);
    implicit.close();

    for (const authMethod of ["PLAIN", "LOGIN"]) {
        const upgrade = nodemailer.createTransport({host: HOST, port: SUBMISSION, requireTLS: true, auth, authMethod, tls});
        await upgrade.sendMail(message(40));
        upgrade.close();
    }

    const wrong = nodemailer.createTransport({host: HOST, port: SMTPS, secure: true, auth: {user: "ada", pass: "wrong"}, tls});
    await assert.rejects(wrong.verify(), {code: "EAUTH", responseCode: 535});
    const stranger = nodemailer.createTransport({host: HOST, port: SMTPS, secure: true, auth});
    await assert.rejects(stranger.verify(), /self[- ]signed certificate|unable to (verify|get)/);
})();
NODE
node send.js

/usr/bin/python3 - <<'PYTHON'
import email, email.policy, os, poplib
box = poplib.POP3(os.environ["HOST"], int(os.environ["POP3"]), timeout=20)
box.user("grace")
box.pass_(os.environ["GRACE_PASSWORD"])
subjects = []
for number in range(1, box.stat()[0] + 1):
    message = email.message_from_bytes(b"\r\n".join(box.retr(number)[1]), policy=email.policy.default)
    subjects.append(message["Subject"])
    assert message["From"].addresses[0].display_name == "Ada Łovelace"
    assert message.get_body().get_content().strip() == "Grüße " + message["Subject"].split()[1]
    [attachment] = message.iter_attachments()
    assert attachment.get_content() == bytes(range(256))
box.quit()
assert sorted(subjects) == sorted([f"Número {n} ☂" for n in range(41)] + ["Número 40 ☂"]), subjects
PYTHON
