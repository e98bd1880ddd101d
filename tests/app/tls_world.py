"""Certificates of a test's own authority, and contexts for servers that show them."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)
HOST = "hooks.test"


class Authority:
    """Signs certificates; `trusted` is a context of a client that believes it and nobody else."""

    def __init__(self, folder: Path, name: str = "Authority of a test") -> None:
        self.folder, self.key, self.name = folder, ec.generate_private_key(ec.SECP256R1()), named(name)
        self.certificate = self.signed(self.name, self.key, basic=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    @property
    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.file))

    def signed(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, host: str = "", *, until: timedelta = DAY,
        basic: bool = False,
    ) -> x509.Certificate:  # fmt: skip
        """A certificate of this key, signed by the authority's."""
        now = datetime.now(UTC)
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).not_valid_before(now - 30 * DAY)
        made = made.not_valid_after(now + until)
        made = made.add_extension(x509.BasicConstraints(ca=basic, path_length=None), critical=True)
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        made = made.add_extension(issuer, critical=False)
        if basic:
            usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
            made = made.add_extension(usage, critical=True)
        if host:
            made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return made.sign(self.key, hashes.SHA256())

    def shows(self, host: str = HOST, *, until: timedelta = DAY) -> ssl.SSLContext:
        """The context of a server with a certificate for this host."""
        key = ec.generate_private_key(ec.SECP256R1())
        return serving(self.folder, key, self.signed(named(host), key, host, until=until))

    def shows_nobodys(self) -> ssl.SSLContext:
        """The same, signed by itself."""
        other = self.folder / "other"
        other.mkdir(exist_ok=True)
        return Authority(other, HOST).shows()


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def serving(folder: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> ssl.SSLContext:
    """A server's context with these."""
    file = folder / f"{certificate.serial_number}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
