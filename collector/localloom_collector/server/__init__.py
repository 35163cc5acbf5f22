"""The gRPC server: streams in, receipts out."""
