from .evidence import EvidenceForm, ProofFields, WithdrawForm

__all__ = ["EvidenceForm", "ProofFields", "WithdrawForm"]
